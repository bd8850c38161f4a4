import { createRandom, shuffle } from "../../random.js";
import { ascending, quantileOfSorted } from "./quantile.js";

const STEPS = 200;

/**
 * How far two sets of reply lengths lie apart, in doublings: 1 means that one side is twice as long throughout.
 *
 * The mean absolute difference of the quantiles of log2(1 + characters), the first Wasserstein distance;
 * the sets need not have the same size.
 */
export function lengthDistance(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [a, b].map((lengths) => ascending(lengths.map((length) => Math.log2(1 + length))));
  let sum = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const share = (step + 0.5) / STEPS;
    sum += Math.abs(quantileOfSorted(first!, share) - quantileOfSorted(second!, share));
  }
  return sum / STEPS;
}

const SPLITS = 20;

/**
 * The mean distance between one half of `a` and the other half of `b`, over 20 random halvings; `a` and `b`
 * belong to the same prompts, in the same order.
 *
 * Halves, so that the distance of the person from themselves is measured on samples of the same size: it is
 * not 0 but what chance alone makes of it, the floor for everybody.
 */
export function splitHalfDistance(a: readonly number[], b: readonly number[], seed: string): number {
  const random = createRandom(seed);
  let sum = 0;
  for (let split = 0; split < SPLITS; split += 1) {
    const order = shuffle([...a.keys()], random);
    const half = Math.ceil(order.length / 2);
    const first = order.slice(0, half).map((index) => a[index]!);
    const second = order.slice(order.length - half).map((index) => b[index]!);
    sum += lengthDistance(first, second);
  }
  return sum / SPLITS;
}
