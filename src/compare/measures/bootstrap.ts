import { createRandom } from "../../random.js";
import { ascending, quantileOfSorted } from "./quantile.js";

/** The ends of a 95 % interval. */
export type Interval = [low: number, high: number];

const RESAMPLES = 2000;
/** With fewer groups than this the resamples say nothing about other chats. */
const FEWEST_GROUPS = 5;

/**
 * The 95 % percentile bootstrap interval of a statistic, resampling whole groups (dialogues), since the
 * replies within one are not independent; null with fewer than five groups.
 *
 * Values that belong together (two systems at the same prompt) stay together when they are one item.
 *
 * @source Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13
 */
export function bootstrap<Item>(
  groups: readonly (readonly Item[])[],
  statistic: (items: readonly Item[]) => number,
  seed: string,
): Interval | null {
  if (groups.length < FEWEST_GROUPS) return null;
  const random = createRandom(seed);
  const values: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample += 1) {
    const items = groups.flatMap(() => groups[Math.floor(random() * groups.length)]!);
    const value = statistic(items);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length === 0) return null;
  const sorted = ascending(values);
  return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
}
