import { planSteps } from "./plan.js";
import type { Sample } from "./sample.js";
import type { TrainSettings } from "./settings.js";

/** How many epochs, in parts of one too, of these samples take so many optimizer steps. */
export function epochsFor(
  samples: readonly Sample[],
  settings: Pick<TrainSettings, "seed" | "batchReplies" | "evalsPerEpoch">,
  steps: number,
): number {
  const count = (epochs: number) => planSteps(samples, { ...settings, epochs }).steps.length;
  let whole = 0;
  while (count(whole + 1) <= steps) whole += 1;
  const before = whole === 0 ? 0 : count(whole);
  return before === steps ? whole : whole + (steps - before) / (count(whole + 1) - before);
}
