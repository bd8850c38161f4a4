import { z } from "zod";
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

/** Trains elsewhere than in this process and leaves what `train` leaves in `out`: adapter, report, log. Null on a machine that is not the first. */
export type OtherTraining = (
  paths: { base: string; dialogues: string; out: string },
  settings: TrainStageSettings,
  run: Run,
) => Promise<TrainReport | null>;
