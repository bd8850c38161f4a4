import { resolve } from "node:path";
import { z } from "zod";
import { Unsupported } from "../errors.js";
import { kebab } from "../kebab.js";
import type { Run } from "../progress.js";
import type { TrainReport } from "./report.js";
import { trainSettings } from "./settings.js";

/** All settings of the train stage: the embedded trainer's, and what decides where else to train and how. */
export const trainStageSettings = trainSettings.extend({
  engine: z
    .enum(["embedded", "llamafactory"])
    .default("embedded")
    .describe(
      "embedded: on this machine's processor; llamafactory: LLaMA-Factory, on GPUs too, after kouwen setup llamafactory",
    ),
  preset: z
    .enum(["kouwen", "recommended"])
    .default("kouwen")
    .describe(
      "llamafactory only: kouwen: these settings; recommended: LLaMA-Factory's own LoRA example, rank 8, learning rate 1e-4, 3 epochs, 8 dialogues a step",
    ),
  method: z
    .enum(["sft", "dpo", "kto"])
    .default("sft")
    .describe(
      "llamafactory only: sft: learn the dialogues; dpo, kto: refine the trained adapter by votes on replies, dpo by pairs, kto by single ones too",
    ),
  votes: z
    .string()
    .overwrite((file) => (file === "" ? "" : resolve(file)))
    .default("")
    .describe("llamafactory only: file of votes for dpo and kto, a JSON object a line"),
  preferenceBeta: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe(
      "llamafactory only: how strongly dpo and kto hold the model to what it was before; higher holds it more, up to 10",
    ),
  dora: z
    .boolean()
    .default(false)
    .describe(
      "llamafactory only: DoRA: learn the lengths of the weights' rows apart from their directions; slower, and merged only",
    ),
  quantizationBits: z
    .enum(["0", "8", "4"])
    .default("0")
    .describe(
      "llamafactory only: QLoRA: the base in so many bits while training, by bitsandbytes on a CUDA GPU; 0 is off",
    ),
  processes: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("llamafactory only: processes on each machine, up to 64; 0 is one for each GPU"),
  nodes: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .describe(
      "llamafactory only: machines that train together; call the same on each, with its own node rank",
    ),
  nodeRank: z
    .number()
    .int()
    .min(0)
    .max(1023)
    .default(0)
    .describe("llamafactory only: which of the machines this is, from 0; 0 writes the adapter"),
  master: z
    .string()
    .regex(/^$|^[\w.-]+:\d{1,5}$/, "not host:port")
    .default("")
    .describe("llamafactory only: address and port of machine 0, such as 10.0.0.1:29500"),
  deepspeed: z
    .enum(["off", "z2", "z3"])
    .default("off")
    .describe(
      "llamafactory only: DeepSpeed ZeRO stage that spreads optimizer and gradients, or the base too",
    ),
  fsdp: z.boolean().default(false).describe("llamafactory only: spread the base over all GPUs by FSDP"),
  ray: z
    .string()
    .regex(/^$|^[\w.:/-]+$/, "not an address")
    .default("")
    .describe(
      "llamafactory only: address of a Ray cluster that runs the processes, such as ray://10.0.0.1:10001",
    ),
});

export type TrainStageSettings = z.infer<typeof trainStageSettings>;

/**
 * Refuses settings that the embedded trainer would not follow.
 *
 * @throws {Unsupported} names the first of them
 */
export function refuseOtherEngines(settings: TrainStageSettings): void {
  const untouched = trainStageSettings.parse({}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(settings)) {
    // A recipe's preset stays where the person chooses another engine for it.
    if (key in trainSettings.shape || key === "engine" || key === "preset") continue;
    if (value === untouched[key]) continue;
    throw new Unsupported(
      `train --${kebab(key)}: only LLaMA-Factory knows it. Add --engine llamafactory, or leave it out.`,
      { stage: "train" },
    );
  }
}

/** Trains elsewhere than in this process and leaves what `train` leaves in `out`: adapter, report, log. Null on a machine that is not the first. */
export type OtherTraining = (
  paths: { base: string; dialogues: string; out: string },
  settings: TrainStageSettings,
  run: Run,
) => Promise<TrainReport | null>;
