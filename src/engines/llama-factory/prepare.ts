import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Unsupported } from "../../errors.js";
import { readJson, writeAtomic, writeJson } from "../../files.js";
import { type ModelConfig, readModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import { writeAdapter } from "../../train/adapter-files.js";
import { digestSamples } from "../../train/checkpoint.js";
import { digestBase } from "../../train/digest-base.js";
import type { TrainStageSettings } from "../../train/engine-settings.js";
import { initLora } from "../../train/lora.js";
import { lengthOf } from "../../train/pack.js";
import { readAdapter } from "../../train/read-adapter.js";
import type { Sample, SampleCounts } from "../../train/sample.js";
import { loraOf } from "../../train/settings.js";
import { shareBatch, type Situation, toYaml, trainArguments, withPreset } from "./arguments.js";
import { boardConfig, HOW_TO_START } from "./board.js";
import { dialogueData } from "./dialogue-data.js";
import type { Environment } from "./environment.js";
import { deepspeedConfig, FSDP_CONFIG } from "./launch.js";
import { awaitLeftTraining } from "./left-training.js";
import { checkMethod, rateFor } from "./method.js";
import { newestCheckpoint } from "./newest-checkpoint.js";
import { readTemplate } from "./template.js";
import { voteData } from "./vote-data.js";
import { TRAINING, writeData } from "./write-data.js";

const STAGE = "train";

/** A folder in which LLaMA-Factory trains, and what it will do there. */
export type Prepared = {
  folder: string;
  config: ModelConfig;
  /** As the preset has them, with the learning rate that is used. */
  settings: TrainStageSettings;
  template: string;
  processes: number;
  /** Dialogues, or votes, of one epoch, and the tokens of each on average. */
  rows: number;
  tokensPerRow: number;
  counts: { train: SampleCounts; heldOut: SampleCounts };
  /** Of one optimizer step. */
  dialogues: number;
  /** The step to go on from, 0 for a new training. */
  resumed: number;
  warnings: string[];
};

/**
 * Writes everything that LLaMA-Factory trains with into `<out>/llamafactory`. What a stopped training of the same
 * settings, data and base left there stays, and its newest checkpoint is named in `train.yaml`; of another one nothing
 * stays.
 *
 * @param environment what trains there; null where a person does it by hand, on a GPU
 * @throws {LimitExceeded} too few replies
 * @throws {Unsupported} a setting that LLaMA-Factory cannot follow
 */
export async function prepareTraining(
  paths: { base: string; dialogues: string; out: string },
  wished: TrainStageSettings,
  environment: Pick<Environment, "gpus" | "bf16"> | null,
  plug: string,
  run: Run = {},
): Promise<Prepared> {
  checkMethod(wished);
  const config = await readModelConfig(paths.base, STAGE);
  if (wished.quantizationBits !== "0" && environment?.gpus === 0) {
    throw new Unsupported(
      `${STAGE} --quantization-bits: a base of ${wished.quantizationBits} bits needs a CUDA GPU, and there is none. Leave it out.`,
      { stage: STAGE },
    );
  }
  const preset = withPreset(wished);
  const settings = { ...preset, learningRate: rateFor(preset, config) };
  const { template, name } = await readTemplate(paths.base, config, STAGE);
  const makeData = settings.method === "sft" ? dialogueData : voteData;
  const data = await makeData({ paths, settings, template });
  const processes = settings.nodes * (settings.processes || Math.max(1, environment?.gpus ?? 1));
  const situation: Situation = {
    base: resolve(paths.base),
    template: name,
    first: settings.preset === "kouwen" || settings.adapter !== "",
    samples: data.rows.length,
    heldOut: data.heldOut.length,
    // Of votes each is one.
    replies: settings.method === "sft" ? countReplies(data.samples) : data.rows.length,
    processes,
    device: environment === null || environment.bf16 ? "bf16" : environment.gpus > 0 ? "fp16" : "cpu",
    resume: null,
  };

  const folder = join(paths.out, "llamafactory");
  await awaitLeftTraining(folder, run);
  const first = situation.first ? await firstWeights(config, settings) : null;
  const identity = createHash("sha256")
    .update(toYaml(trainArguments(settings, situation)))
    .update(JSON.stringify([data.rows, data.heldOut]))
    .update(first ?? "")
    .update(digestSamples(data.samples, data.heldOutSamples))
    .update(await digestBase(paths.base))
    .digest("hex");
  const before = await readJson(join(folder, "identity.json"), STAGE).catch(() => null);
  if ((before as { identity?: string } | null)?.identity !== identity) {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name !== "output" && name !== "identity.json") await rm(join(folder, name), { recursive: true });
  }
  const resumed = await newestCheckpoint(join(folder, "output"));
  // Without a checkpoint the rest of an output folder would be taken for a finished training.
  if (resumed === 0) await rm(join(folder, "output"), { recursive: true, force: true });

  await writeData(folder, data);
  if (first) await writeFirst(folder, config, settings, { weights: first, baseName: basename(paths.base) });
  if (settings.deepspeed !== "off") {
    const stage = settings.deepspeed === "z2" ? 2 : 3;
    await writeJson(join(folder, `deepspeed-${settings.deepspeed}.json`), STAGE, deepspeedConfig(stage));
  }
  if (settings.fsdp) await writeJson(join(folder, "fsdp.json"), STAGE, FSDP_CONFIG);
  await copyFile(plug, join(folder, "plug.py"));
  const resume = resumed > 0 ? `output/checkpoint-${resumed}` : null;
  const values = trainArguments(settings, { ...situation, resume });
  await writeText(join(folder, "train.yaml"), toYaml(values));
  await writeJson(join(folder, "llamaboard_config", `${TRAINING}.yaml`), STAGE, boardConfig(values));
  await writeText(join(folder, "how-to-start.txt"), HOW_TO_START);
  await writeJson(join(folder, "identity.json"), STAGE, { identity });
  const { dialogues } = shareBatch(settings, situation);
  return {
    folder,
    config,
    settings,
    template: situation.template,
    processes,
    rows: data.rows.length,
    tokensPerRow: data.samples.reduce((sum, sample) => sum + lengthOf(sample), 0) / data.rows.length,
    counts: data.counts,
    dialogues,
    resumed,
    warnings: data.warnings,
  };
}

function countReplies(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.replies, 0);
}

async function writeText(path: string, text: string): Promise<void> {
  await writeAtomic(path, STAGE, (sink) => sink.write(text));
}

/** What training starts from: an adapter of before, or a new one as our own trainer would draw it. */
async function firstWeights(config: ModelConfig, settings: TrainStageSettings): Promise<Float32Array> {
  const lora = loraOf(settings);
  if (settings.adapter === "") return initLora(config, lora, settings.seed);
  return readAdapter(settings.adapter, config, lora);
}

async function writeFirst(
  folder: string,
  config: ModelConfig,
  settings: TrainStageSettings,
  start: { weights: Float32Array; baseName: string },
): Promise<void> {
  const { dropout, dora } = settings;
  const first = { config, lora: loraOf(settings), dropout, ...start };
  // PEFT gives a DoRA adapter without lengths those of the base's rows, with which it changes nothing.
  await writeAdapter(join(folder, "first-adapter"), dora ? { ...first, magnitudes: new Map() } : first);
}
