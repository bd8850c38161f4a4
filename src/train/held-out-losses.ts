import { readModelConfig } from "../formats/model-config.js";
import type { Run } from "../progress.js";
import { lengthOf, packRun } from "./pack.js";
import { readAdapter } from "./read-adapter.js";
import { readSamples } from "./read-samples.js";
import { lossWeight } from "./sample.js";
import { loraOf, type TrainSettings } from "./settings.js";
import type { Trainer } from "./trainer.js";

/** The summed loss of a held-out dialogue's replies in nats, and their summed weight. */
export type DialogueLoss = { loss: number; weight: number };

/** What an adapter makes of each held-out dialogue that has replies with loss, by the dialogue's id. */
export async function heldOutLosses(
  paths: { base: string; dialogues: string; adapter: string },
  settings: TrainSettings,
  trainer: Trainer,
  run: Run = {},
): Promise<Map<string, DialogueLoss>> {
  const config = await readModelConfig(paths.base, "train");
  const { heldOut } = await readSamples(paths, settings.maxTokens);
  const lora = loraOf(settings);
  const weights = await readAdapter(paths.adapter, config, lora);
  const longestSample = Math.max(1, ...heldOut.samples.map(lengthOf));
  const { seed, precision, memoryGib } = settings;
  const session = await trainer.open(paths.base, { lora, seed, precision, longestSample, memoryGib }, run);
  const losses = new Map<string, DialogueLoss>();
  try {
    const zeros = () => new Float32Array(weights.length);
    await session.write({ weights, mean: zeros(), variance: zeros(), step: 0 });
    for (const [done, sample] of heldOut.samples.entries()) {
      run.signal?.throwIfAborted();
      const total = heldOut.samples.length;
      run.onProgress?.({ stage: "train", done, total, unit: "dialogues", note: "held-out loss of each" });
      const before = losses.get(sample.dialogueId) ?? { loss: 0, weight: 0 };
      const weight = lossWeight([sample]);
      const loss = await session.measure(packRun([sample]));
      losses.set(sample.dialogueId, { loss: before.loss + loss, weight: before.weight + weight });
    }
  } finally {
    await session.close();
  }
  return losses;
}
