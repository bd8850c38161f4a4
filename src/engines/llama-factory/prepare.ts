import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Unsupported } from "../../errors.js";
import { readJson, writeAtomic, writeJson } from "../../files.js";
import { type ModelConfig, readModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import { writeAdapter } from "../../train/adapter-files.js";
import { checkData } from "../../train/check-data.js";
import { digestSamples } from "../../train/checkpoint.js";
import { digestBase } from "../../train/digest-base.js";
import type { TrainStageSettings } from "../../train/engine-settings.js";
import { initLora } from "../../train/lora.js";
import { planSteps } from "../../train/plan.js";
import { readAdapter } from "../../train/read-adapter.js";
import { readSamples } from "../../train/read-samples.js";
import type { Sample, SampleCounts } from "../../train/sample.js";
import { learningRateOf, loraOf } from "../../train/settings.js";
import { shareBatch, type Situation, toYaml, trainArguments, withPreset } from "./arguments.js";
import { boardConfig, HOW_TO_START } from "./board.js";
import { holdsMark, toConversation } from "./conversations.js";
import type { Environment } from "./environment.js";
import { deepspeedConfig, FSDP_CONFIG } from "./launch.js";
import { awaitLeftTraining } from "./left-training.js";
import { newestCheckpoint } from "./newest-checkpoint.js";
import { readTemplate } from "./template.js";
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
  samples: Sample[];
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
  if (wished.replayShare > 0) {
    throw new Unsupported(
      `${STAGE} --replay-share: only the embedded trainer replays the base's answers. Set it to 0, or choose --engine embedded.`,
      { stage: STAGE },
    );
  }
  const config = await readModelConfig(paths.base, STAGE);
  if (wished.quantizationBits !== "0" && environment?.gpus === 0) {
    throw new Unsupported(
      `${STAGE} --quantization-bits: a base of ${wished.quantizationBits} bits needs a CUDA GPU, and there is none. Leave it out.`,
      { stage: STAGE },
    );
  }
  const preset = withPreset(wished);
  const settings = { ...preset, learningRate: learningRateOf(preset, config) };
  const { template, name } = await readTemplate(paths.base, config, STAGE);
  const { training, heldOut } = await readSamples(paths, settings.maxTokens);
  const warnings = checkData(training.counts, heldOut.counts, settings.force);

  const order = planSteps(training.samples, { ...settings, epochs: 1 }).steps.flatMap((step) => step.samples);
  const usable = order.filter((index) => !holdsMark(training.sources[index]!, template));
  if (usable.length < order.length) {
    warnings.push(
      `${order.length - usable.length} samples hold a mark of the chat template in their words and are left out.`,
    );
  }
  const samples = usable.map((index) => training.samples[index]!);
  if (samples.some(({ weights }) => weights.some((weight) => weight !== 0 && weight !== 1))) {
    warnings.push("LLaMA-Factory knows no weights: replies with one of their own count like all others.");
  }
  const processes = settings.nodes * (settings.processes || Math.max(1, environment?.gpus ?? 1));
  const situation: Situation = {
    base: resolve(paths.base),
    template: name,
    first: settings.preset === "kouwen" || settings.adapter !== "",
    samples: samples.length,
    heldOut: heldOut.samples.length,
    replies: samples.reduce((sum, sample) => sum + sample.replies, 0),
    processes,
    device: environment === null || environment.bf16 ? "bf16" : environment.gpus > 0 ? "fp16" : "cpu",
    resume: null,
  };

  const folder = join(paths.out, "llamafactory");
  await awaitLeftTraining(folder, run);
  const identity = createHash("sha256")
    .update(toYaml(trainArguments(settings, situation)))
    .update(digestSamples(samples, heldOut.samples))
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

  const conversations = usable.map((index) => toConversation(training.sources[index]!, template));
  const unseen = heldOut.sources.filter((dialogue) => !holdsMark(dialogue, template));
  await writeData(
    folder,
    { conversations, samples },
    unseen.map((dialogue) => toConversation(dialogue, template)),
  );
  if (situation.first) await writeFirst(folder, config, settings, basename(paths.base));
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
    samples,
    counts: { train: training.counts, heldOut: heldOut.counts },
    dialogues,
    resumed,
    warnings,
  };
}

async function writeText(path: string, text: string): Promise<void> {
  await writeAtomic(path, STAGE, (sink) => sink.write(text));
}

async function writeFirst(
  folder: string,
  config: ModelConfig,
  settings: TrainStageSettings,
  baseName: string,
): Promise<void> {
  const lora = loraOf(settings);
  const weights =
    settings.adapter === ""
      ? initLora(config, lora, settings.seed)
      : await readAdapter(settings.adapter, config, lora);
  const { dropout } = settings;
  await writeAdapter(join(folder, "first-adapter"), { config, lora, weights, baseName, dropout });
}
