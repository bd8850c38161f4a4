import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Unsupported } from "../errors.js";
import { writeJson } from "../files.js";
import { readModelConfig, type ModelConfig } from "../formats/model-config.js";
import type { Run } from "../progress.js";
import { writeAdapter } from "./adapter-files.js";
import { checkData } from "./check-data.js";
import {
  belongs,
  digestSamples,
  findCheckpoint,
  finishCheckpoint,
  readCheckpoint,
  type Identity,
} from "./checkpoint.js";
import { describePlan } from "./describe-plan.js";
import { digestBase } from "./digest-base.js";
import { layoutLora, type Lora } from "./lora.js";
import { runSteps } from "./loop.js";
import { noiseOf } from "./noise.js";
import { lengthOf } from "./pack.js";
import { planSteps } from "./plan.js";
import { readAdapter } from "./read-adapter.js";
import { readSamples } from "./read-samples.js";
import { readReplay } from "./replay.js";
import type { TrainReport } from "./report.js";
import type { Sample } from "./sample.js";
import { learningRateOf, loraOf, type TrainSettings } from "./settings.js";
import type { Trainer } from "./trainer.js";

const STAGE = "train";

/**
 * Fine-tunes a base model on the person's replies.
 *
 * Writes `adapter/` (PEFT), `train.json`, `train-log.jsonl` and `checkpoints/` into `out`. Stopped at any moment, it
 * goes on from the last checkpoint and ends with the same adapter, byte for byte, as if it had not been stopped.
 *
 * @param paths the base model's folder, `dialogues.jsonl`, and the project folder
 * @throws {MalformedInput} a turn's weight is impossible
 * @throws {Unavailable} the base's answers are to be replayed, but `writeReplay` was not done
 * @throws {LimitExceeded} too few replies, too little memory, or the loss grows without end
 * @throws {Unsupported} a checkpoint is there, but settings or data have changed since; or the adapter to start from
 *   has another shape
 */
export async function train(
  paths: { base: string; dialogues: string; out: string },
  wished: TrainSettings,
  trainer: Trainer,
  run: Run = {},
): Promise<TrainReport> {
  const config = await readModelConfig(paths.base, STAGE);
  const settings = { ...wished, learningRate: learningRateOf(wished, config) };
  const { training, heldOut } = await readSamples(paths, settings.maxTokens);
  const warnings = checkData(training.counts, heldOut.counts, settings.force);
  const replayed = await readReplay(paths, training.samples, settings);
  const samples = [...training.samples, ...replayed];
  const plan = planSteps(samples, settings);
  const lora = loraOf(settings);
  const first = await readFirst(settings, config, lora, paths.out);
  const identity = await identify(paths.base, settings, [samples, heldOut.samples], first);

  const checkpoints = join(paths.out, "checkpoints");
  const newest = await findCheckpoint(checkpoints);
  const found = newest && belongs(newest, identity) ? newest : null;
  if (!found) await rm(checkpoints, { recursive: true, force: true });

  const noise = noiseOf(settings);
  const session = await trainer.open(
    paths.base,
    {
      lora,
      seed: settings.seed,
      precision: settings.precision,
      longestSample: longest([...samples, ...heldOut.samples]),
      memoryGib: settings.memoryGib,
      ...(found && { arithmetic: found.arithmetic }),
      ...(noise && { noise }),
    },
    run,
  );
  try {
    run.say?.(describePlan(session.plan));
    if (found) await session.write(await readCheckpoint(checkpoints, found.step));
    else if (first) {
      const zeros = () => new Float32Array(first.length);
      await session.write({ weights: first, mean: zeros(), variance: zeros(), step: 0 });
    }
    const result = await runSteps(
      {
        session,
        plan,
        training: samples,
        heldOut: heldOut.samples,
        vocabSize: config.vocabSize,
        settings,
        identity,
        checkpoints,
        log: join(paths.out, "train-log.jsonl"),
        resume: found,
      },
      run,
    );
    const { weights } = await readCheckpoint(checkpoints, result.steps.best);
    const { heldOutLoss } = result;
    if (heldOutLoss && heldOutLoss.best >= heldOutLoss.start) {
      warnings.push(
        `The held-out loss never fell below where it started: the result is no better than the ${first ? "adapter before" : "base"}.`,
      );
    }
    await writeAdapter(join(paths.out, "adapter"), {
      config,
      lora,
      weights,
      baseName: basename(paths.base),
      dropout: settings.dropout,
    });
    const report: TrainReport = {
      base: basename(paths.base),
      settings: { ...settings, adapter: basename(settings.adapter) },
      data: { train: training.counts, heldOut: heldOut.counts, replayed: replayed.length },
      parameters: layoutLora(config, lora).length,
      ...result,
      plan: session.plan,
      warnings,
    };
    await writeJson(join(paths.out, "train.json"), STAGE, report);
    // Only now: a disk too full for the adapter must not cost the training.
    await finishCheckpoint(checkpoints, result.steps.done);
    return report;
  } finally {
    await session.close();
  }
}

/** Tokens of the longest sample that go through the model. */
function longest(samples: readonly Sample[]): number {
  return samples.reduce((most, sample) => Math.max(most, lengthOf(sample)), 0);
}

/** The weights of the adapter to start from, if there is one. */
async function readFirst(
  { adapter }: TrainSettings,
  config: ModelConfig,
  lora: Lora,
  out: string,
): Promise<Float32Array | null> {
  if (adapter === "") return null;
  if (resolve(adapter) === resolve(out, "adapter")) {
    throw new Unsupported(
      `${STAGE} adapter: it would be written over by this training. Copy the folder and start from the copy.`,
      { stage: STAGE, path: "adapter" },
    );
  }
  return readAdapter(adapter, config, lora);
}

/** What must not change between a training and its resumption. */
async function identify(
  base: string,
  settings: TrainSettings,
  samples: Sample[][],
  first: Float32Array | null,
): Promise<Identity> {
  const { adapter: _, memoryGib: __, checkpointSteps: ___, force: ____, ...deciding } = settings;
  return {
    settings: deciding,
    data: digestSamples(...samples),
    base: await digestBase(base),
    ...(first && { adapter: createHash("sha256").update(first).digest("hex") }),
  };
}
