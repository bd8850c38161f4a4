import { basename, join } from "node:path";
import { LimitExceeded, Unavailable } from "../../errors.js";
import { readJson, writeJson, writeJsonLines } from "../../files.js";
import { writeAdapter } from "../../train/adapter-files.js";
import type { LogLine } from "../../train/checkpoint.js";
import type { OtherTraining } from "../../train/engine-settings.js";
import { layoutLora } from "../../train/lora.js";
import { readTrained } from "../../train/read-adapter.js";
import type { TrainReport } from "../../train/report.js";
import { loraOf, trainSettings } from "../../train/settings.js";
import { type Environment, type FactoryPlace, findEnvironment, quietEnvironment } from "./environment.js";
import { followLog } from "./follow-log.js";
import { launchEnvironment, withPrograms } from "./launch.js";
import { prepareTraining, type Prepared } from "./prepare.js";
import { runPlug } from "./run-plug.js";

const STAGE = "train";

/** What the plug notes at the end; `history` is transformers' log. */
type Result = {
  steps: number;
  planned: number;
  best: number;
  peakBytes: number;
  history: {
    step: number;
    epoch?: number;
    loss?: number;
    eval_loss?: number;
    learning_rate?: number;
    grad_norm?: number;
    "eval_rewards/margins"?: number;
    train_runtime?: number;
  }[];
};

/**
 * Fine-tunes by LLaMA-Factory on the samples that our own trainer would take, and writes what it would write:
 * `adapter/`, `train.json`, `train-log.jsonl`. LLaMA-Factory's own files, checkpoints among them, are in
 * `llamafactory/`, its output in `logs/train.llamafactory.log`.
 *
 * Aborted, it ends the step, saves a checkpoint and the adapter as it is by then (`llamafactory/output`), and rethrows
 * the signal's reason; the next call goes on from the newest checkpoint.
 *
 * @throws {Unavailable} LLaMA-Factory is not there or failed; names the cause
 * @throws {LimitExceeded} too few replies, or the weights grew without end
 */
export function trainByLlamaFactory(place: FactoryPlace): OtherTraining {
  return async (paths, settings, run) => {
    const environment = await findEnvironment(place.plug, place.home, place.env);
    const local = settings.processes || Math.max(1, environment.gpus);
    const launch = launchEnvironment(settings, local);
    const prepared = await prepareTraining(paths, settings, environment, place.plug, run);
    const { folder, processes, resumed } = prepared;
    if (resumed > 0) run.say?.(`LLaMA-Factory goes on from step ${resumed}`);
    const unfollow = followLog(join(folder, "output", "trainer_log.jsonl"), run);
    try {
      const env = { ...withPrograms(quietEnvironment(place.env), environment.executable), ...launch };
      const log = join(paths.out, "logs", "train.llamafactory.log");
      const { executable } = environment;
      const alone = environment.gpus === 0 ? { CUDA_VISIBLE_DEVICES: "" } : {};
      await runPlug("train", { executable, folder, log, env: { ...env, ...alone } }, run.signal);
    } finally {
      unfollow();
    }
    if (settings.nodeRank > 0) return null;
    const result = (await readJson(join(folder, "result.json"), STAGE)) as Result;
    if (run.signal?.aborted && result.steps < result.planned) {
      run.say?.(`stopped after step ${result.steps}; the adapter as it is lies in llamafactory/output`);
      run.signal.throwIfAborted();
    }
    return collect(paths, prepared, result, environment, processes);
  };
}

async function collect(
  paths: { base: string; out: string },
  prepared: Prepared,
  result: Result,
  environment: Environment,
  processes: number,
): Promise<TrainReport> {
  const { config, settings, folder, warnings } = prepared;
  const lora = loraOf(settings);
  const trained = await readTrained(join(folder, "output"), config, lora);
  const { weights } = trained;
  const lengths = [...(trained.magnitudes?.values() ?? [])].reduce((sum, { length }) => sum + length, 0);
  if (!weights.every((weight) => Number.isFinite(weight))) {
    throw new LimitExceeded(
      `${STAGE} llamafactory: the adapter's weights are not finite. Lower --learning-rate.`,
      { stage: STAGE },
    );
  }
  const steps = result.history.filter((line) => line.loss !== undefined);
  const measured = result.history.flatMap((line) => (line.eval_loss === undefined ? [] : [line.eval_loss]));
  if (steps.length === 0)
    throw new Unavailable(`${STAGE} llamafactory: it took no step. Run it again with --fresh.`, {
      stage: STAGE,
    });
  const trainingSeconds =
    result.history.findLast((line) => line.train_runtime !== undefined)?.train_runtime ?? 0;
  const tokens = (result.steps - prepared.resumed) * prepared.dialogues * prepared.tokensPerRow;
  const tokensPerSecond = trainingSeconds > 0 ? tokens / trainingSeconds : 0;
  const heldOutLoss =
    measured.length > 1
      ? { start: measured[0]!, best: Math.min(...measured.slice(1)), last: measured.at(-1)! }
      : null;
  if (heldOutLoss && heldOutLoss.best >= heldOutLoss.start) {
    warnings.push(
      "The held-out loss never fell below where it started: the result is no better than before.",
    );
  }
  const { dropout } = settings;
  await writeAdapter(join(paths.out, "adapter"), {
    config,
    lora,
    ...trained,
    baseName: basename(paths.base),
    dropout,
  });
  await writeJsonLines(join(paths.out, "train-log.jsonl"), STAGE, logLines(result, tokensPerSecond));
  const report: TrainReport = {
    base: basename(paths.base),
    settings: { ...trainSettings.parse(settings), adapter: basename(settings.adapter) },
    data: { ...prepared.counts, replayed: 0 },
    parameters: layoutLora(config, lora).length + lengths,
    steps: { planned: result.planned, done: result.steps, best: result.best },
    stoppedEarly: result.steps < result.planned,
    loss: { first: steps[0]!.loss!, last: steps.at(-1)!.loss! },
    heldOutLoss,
    tokensPerSecond,
    trainingSeconds,
    peakMemoryGib: result.peakBytes / 2 ** 30,
    plan: null,
    llamaFactory: {
      version: environment.llamafactory,
      torch: environment.torch,
      template: prepared.template,
      processes,
    },
    ...(settings.method !== "sft" && {
      preference: {
        method: settings.method,
        margin:
          result.history.findLast(
            (line) => line["eval_rewards/margins"] !== undefined && line.step <= result.best,
          )?.["eval_rewards/margins"] ?? null,
      },
    }),
    warnings,
  };
  await writeJson(join(paths.out, "train.json"), STAGE, report);
  return report;
}

/** The log as our own trainer writes it; the speed is that of the whole run. */
function logLines({ history }: Result, tokensPerSecond: number): LogLine[] {
  return history.flatMap(
    ({ step, epoch = 0, loss, eval_loss, learning_rate = 0, grad_norm = 0 }): LogLine[] => {
      const place = { step, epoch: Math.floor(epoch) };
      if (eval_loss !== undefined) return [{ ...place, heldOutLoss: eval_loss }];
      if (loss === undefined) return [];
      return [{ ...place, loss, learningRate: learning_rate, gradNorm: grad_norm, tokensPerSecond }];
    },
  );
}
