import { appendFile } from "node:fs/promises";
import { diskFull, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { createAlarm } from "./alarm.js";
import { saveCheckpoint, type CheckpointNote, type Identity, type LogLine } from "./checkpoint.js";
import { noiseOf, sampleKey } from "./noise.js";
import { lengthOf, packRun, splitRuns } from "./pack.js";
import type { Plan, PlannedStep } from "./plan.js";
import type { TrainReport } from "./report.js";
import { lossWeight, type Sample } from "./sample.js";
import { learningRateAt } from "./schedule.js";
import type { TrainSettings } from "./settings.js";
import type { TrainerSession } from "./trainer.js";

const STAGE = "train";

export type LoopInputs = {
  session: TrainerSession;
  plan: Plan;
  training: readonly Sample[];
  heldOut: readonly Sample[];
  vocabSize: number;
  settings: TrainSettings;
  identity: Identity;
  /** Folder of checkpoints. */
  checkpoints: string;
  /** Path of `train-log.jsonl`. */
  log: string;
  /** Where to go on; the session's state must be that checkpoint's. */
  resume: CheckpointNote | null;
};

export type LoopResult = Pick<
  TrainReport,
  "steps" | "stoppedEarly" | "loss" | "heldOutLoss" | "tokensPerSecond" | "trainingSeconds" | "peakMemoryGib"
>;

/**
 * Takes the planned steps one after the other, with held-out measurements, log lines and checkpoints between them.
 *
 * A checkpoint of the best step and of the last one are there at the end. Aborted, it finishes the step, saves a
 * checkpoint and rethrows the signal's reason.
 */
export async function runSteps(inputs: LoopInputs, run: Run): Promise<LoopResult> {
  const { session, plan, settings, resume } = inputs;
  const total = plan.steps.length;
  const history: LogLine[] = [...(resume?.history ?? [])];
  let bestStep = resume?.bestStep ?? 0;
  let step = resume?.step ?? 0;
  let tokens = 0;
  let seconds = 0;
  let peakBytes = process.memoryUsage.rss();
  const alarm = createAlarm(inputs.vocabSize);
  const hasHeldOut = inputs.heldOut.length > 0;
  const { precision, int8Products, runTokens } = session.plan;
  const arithmetic = { precision, int8Products, runTokens };
  const noisy = noiseOf(settings) !== undefined;
  const report = (done: number, text: string) =>
    run.onProgress?.({ stage: STAGE, done, total, unit: "steps", note: text });

  await writeJsonLines(inputs.log, STAGE, history);
  const note = async (line: LogLine) => {
    history.push(line);
    await appendFile(inputs.log, `${JSON.stringify(line)}\n`).catch((error: unknown) => {
      throw diskFull(error, STAGE, inputs.log) ?? error;
    });
  };
  const save = async () =>
    saveCheckpoint(inputs.checkpoints, await session.read(), {
      step,
      identity: inputs.identity,
      arithmetic,
      history,
      bestStep,
    });
  const evaluate = async (epoch: number) => {
    const heldOutLoss = await meanLoss(inputs, run, step);
    const before = heldOutLosses(history).slice(1);
    if (step > 0 && heldOutLoss < Math.min(...before, Infinity)) bestStep = step;
    await note({ step, epoch, heldOutLoss });
  };
  const takeStep = async ({ epoch, samples }: PlannedStep) => {
    const start = performance.now();
    const batch = samples.map((index) => inputs.training[index]!);
    const places = new Map(batch.map((sample, place) => [sample, place]));
    const keyOf = (sample: Sample) => sampleKey(settings.seed, step, places.get(sample)!);
    const totalWeight = lossWeight(batch);
    const learningRate = learningRateAt(step, total, settings);
    let loss = 0;
    let stepTokens = 0;
    for (const members of splitRuns(batch, session.plan.runTokens)) {
      const packed = packRun(members, noisy ? keyOf : undefined);
      loss += (await session.gather(packed)) / totalWeight;
      stepTokens += members.reduce((sum, sample) => sum + lengthOf(sample), 0);
    }
    const { loraPlusRatio, weightDecay, clip } = settings;
    const gradNorm = await session.step({ learningRate, loraPlusRatio, weightDecay, clip, totalWeight });
    const stepSeconds = (performance.now() - start) / 1000;
    step += 1;
    tokens += stepTokens;
    seconds += stepSeconds;
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    alarm({ step, loss, gradNorm, learningRate });
    await note({ step, epoch, loss, learningRate, gradNorm, tokensPerSecond: stepTokens / stepSeconds });
    const heldOut = hasHeldOut ? `, held-out ${heldOutLosses(history).at(-1)!.toFixed(3)}` : "";
    const speed = Math.round(tokens / seconds);
    report(step, `loss ${loss.toFixed(3)}${heldOut}, ${speed} tokens/s`);
  };

  try {
    // So that what was chosen for this machine is chosen once, whatever happens from here on.
    if (!resume) await save();
    for (;;) {
      // After a checkpoint that was saved in the middle of a measurement, it is measured again.
      const due = hasHeldOut && (step === 0 || plan.evaluations.has(step));
      if (due && !history.some((line) => "heldOutLoss" in line && line.step === step)) {
        await evaluate(plan.steps[Math.max(0, step - 1)]!.epoch);
        if (step > 0) await save();
      } else if (step > 0 && step % settings.checkpointSteps === 0) {
        await save();
      }
      if (step === total || isStale(history, settings.patience)) break;
      run.signal?.throwIfAborted();
      await takeStep(plan.steps[step]!);
    }
  } catch (error) {
    if (run.signal?.aborted) await save();
    throw error;
  }
  if (!hasHeldOut) bestStep = step;
  await save();

  const taken = history.filter((line) => "loss" in line);
  const measured = heldOutLosses(history);
  return {
    steps: { planned: total, done: step, best: bestStep },
    stoppedEarly: step < total,
    loss: { first: taken[0]!.loss, last: taken.at(-1)!.loss },
    heldOutLoss: hasHeldOut
      ? { start: measured[0]!, best: Math.min(...measured.slice(1)), last: measured.at(-1)! }
      : null,
    // Resumed after the last step, this call took none.
    tokensPerSecond: seconds > 0 ? tokens / seconds : taken.at(-1)!.tokensPerSecond,
    trainingSeconds: seconds,
    peakMemoryGib: peakBytes / 2 ** 30,
  };
}

/** The mean loss over all held-out replies. */
async function meanLoss({ session, heldOut, plan }: LoopInputs, run: Run, step: number): Promise<number> {
  let sum = 0;
  let done = 0;
  for (const members of splitRuns(heldOut, session.plan.runTokens)) {
    run.signal?.throwIfAborted();
    const note = `held-out loss, ${done} of ${heldOut.length} dialogues`;
    run.onProgress?.({ stage: STAGE, done: step, total: plan.steps.length, unit: "steps", note });
    sum += await session.measure(packRun(members));
    done += members.length;
  }
  return sum / lossWeight(heldOut);
}

/** Whether the last `patience` held-out losses brought nothing better than the ones before; the first is the base's. */
function isStale(history: readonly LogLine[], patience: number): boolean {
  const losses = heldOutLosses(history).slice(1);
  if (patience === 0 || losses.length <= patience) return false;
  return Math.min(...losses.slice(-patience)) >= Math.min(...losses.slice(0, -patience));
}

function heldOutLosses(history: readonly LogLine[]): number[] {
  return history.flatMap((line) => ("heldOutLoss" in line ? [line.heldOutLoss] : []));
}
