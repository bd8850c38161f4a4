import type { TrainSettings } from "./settings.js";

/**
 * The learning rate of a step: it rises along a line over the warm-up, then follows the schedule towards 0.
 *
 * @param step from 0
 * @param steps of the whole training
 * @source transformers 4.56, `get_cosine_schedule_with_warmup` and `get_linear_schedule_with_warmup`; but the first
 *   step already moves, at 1 / (warm-up + 1) of the highest rate, instead of being lost at 0
 */
export function learningRateAt(
  step: number,
  steps: number,
  { learningRate, schedule, warmupRatio }: Pick<TrainSettings, "learningRate" | "schedule" | "warmupRatio">,
): number {
  const warmup = Math.ceil(steps * warmupRatio);
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1);
  const progress = (step - warmup) / Math.max(1, steps - warmup);
  switch (schedule) {
    case "cosine":
      return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
    case "linear":
      return learningRate * (1 - progress);
    case "constant":
      return learningRate;
    default:
      return schedule satisfies never;
  }
}
