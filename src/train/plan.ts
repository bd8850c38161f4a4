import { createRandom, shuffle } from "../random.js";
import type { Sample } from "./sample.js";
import type { TrainSettings } from "./settings.js";

/** One optimizer step: the epoch it belongs to, from 0, and its samples by index. */
export type PlannedStep = { epoch: number; samples: number[] };

/** All steps of a training, and after which of them the held-out loss is measured. */
export type Plan = { steps: PlannedStep[]; evaluations: Set<number> };

/**
 * What each step trains on: every epoch in an order of its own, samples in a row until they hold `batchReplies`
 * replies. The same samples and settings give the same plan, so that a resumed training goes on as it would have.
 */
export function planSteps(
  samples: readonly Sample[],
  settings: Pick<TrainSettings, "seed" | "epochs" | "batchReplies" | "evalsPerEpoch">,
): Plan {
  const { seed, epochs, batchReplies, evalsPerEpoch } = settings;
  const steps: PlannedStep[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const order = shuffle(
      samples.map((_, index) => index),
      createRandom(`order ${seed} ${epoch}`),
    );
    const batches = fillBatches(order, samples, batchReplies);
    const share = Math.min(1, epochs - epoch);
    const count = Math.max(1, Math.round(batches.length * share));
    for (const batch of batches.slice(0, count)) steps.push({ epoch, samples: batch });
  }
  const evaluations = new Set([steps.length]);
  const distance = steps.length / epochs / evalsPerEpoch;
  for (let at = distance; at < steps.length; at += distance) evaluations.add(Math.max(1, Math.round(at)));
  return { steps, evaluations };
}

/** A rest of less than half a batch joins the batch before it. */
function fillBatches(order: readonly number[], samples: readonly Sample[], batchReplies: number): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let replies = 0;
  for (const index of order) {
    batch.push(index);
    replies += samples[index]!.replies;
    if (replies >= batchReplies) {
      batches.push(batch);
      batch = [];
      replies = 0;
    }
  }
  if (batch.length > 0) {
    const last = batches.at(-1);
    if (last && replies < batchReplies / 2) last.push(...batch);
    else batches.push(batch);
  }
  return batches;
}
