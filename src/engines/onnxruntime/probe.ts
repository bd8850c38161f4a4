import type { ModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import { noiseOf } from "../../train/noise.js";
import type { TrainSettings } from "../../train/settings.js";
import { loraOf } from "../../train/settings.js";
import type { TrainerPlan } from "../../train/trainer.js";
import { Thread } from "./thread.js";

/** What a training would be like on this machine, as it is right now. */
export type TrainerProbe = TrainerPlan & { tokensPerSecond: number };

/** Tokens of a dialogue as chats have them. */
const TYPICAL_SAMPLE = 256;

/**
 * Measures for some seconds how fast this machine trains a model of a given shape. Downloads and reads nothing.
 *
 * @throws {LimitExceeded} the memory does not suffice: says needed and available
 */
export async function probeTrainer(
  config: ModelConfig,
  settings: TrainSettings,
  run: Run = {},
): Promise<TrainerProbe> {
  run.signal?.throwIfAborted();
  const thread = new Thread(new URL("./worker.js", import.meta.url));
  const abort = () => void thread.close();
  run.signal?.addEventListener("abort", abort);
  try {
    const noise = noiseOf(settings);
    const options = {
      lora: loraOf(settings),
      precision: settings.precision,
      longestSample: TYPICAL_SAMPLE,
      memoryGib: settings.memoryGib,
      ...(noise && { noise }),
    };
    return (await thread.call("probe", { config, options })) as TrainerProbe;
  } catch (error) {
    run.signal?.throwIfAborted();
    throw error;
  } finally {
    run.signal?.removeEventListener("abort", abort);
    await thread.close();
  }
}
