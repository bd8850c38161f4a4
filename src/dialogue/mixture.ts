/** One of the normal distributions that make a mixture; place and width are in bins. */
export type Component = { share: number; mean: number; deviation: number };

/** Narrower ones would fit the rounding of times instead of a rhythm. */
const LEAST_DEVIATION = 1;
const ROUNDS = 200;
/** Shares of all counts that lie below the border where a fit begins. */
const STARTS = [0.3, 0.6, 0.8, 0.9, 0.97] as const;

/**
 * Two normal distributions that make up a histogram best: expectation and maximization from several starts, of which
 * the likeliest end is taken.
 *
 * @param counts by bin; not all 0
 * @returns the one of smaller mean first
 * @source A. Dempster, N. Laird and D. Rubin, "Maximum likelihood from incomplete data via the EM algorithm", 1977
 */
export function fitMixture(counts: ArrayLike<number>): [Component, Component] {
  const fits = STARTS.map((start) => maximize(counts, start));
  const best = fits.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
  const [a, b] = best.components;
  return a.mean <= b.mean ? [a, b] : [b, a];
}

function maximize(counts: ArrayLike<number>, start: number) {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  let below = 0;
  let components = weigh(counts, (_, count) => {
    below += count;
    return below <= start * total ? 1 : 0;
  });
  let likelihood = -Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [a, b] = components;
    const next = weigh(counts, (bin) => {
      const [first, second] = [density(a, bin), density(b, bin)];
      return first + second === 0 ? 0.5 : first / (first + second);
    });
    let now = 0;
    for (let at = 0; at < counts.length; at += 1) {
      const here = density(next[0], at + 0.5) + density(next[1], at + 0.5);
      if (counts[at]! > 0) now += counts[at]! * Math.log(Math.max(here, Number.MIN_VALUE));
    }
    components = next;
    if (now - likelihood < 1e-9 * total) break;
    likelihood = now;
  }
  return { components, likelihood };
}

/** The two components, where a bin belongs to the first with a share that is asked for. */
function weigh(
  counts: ArrayLike<number>,
  shareOfFirst: (bin: number, count: number) => number,
): [Component, Component] {
  const sums = [
    { count: 0, sum: 0, squares: 0 },
    { count: 0, sum: 0, squares: 0 },
  ];
  let total = 0;
  for (let at = 0; at < counts.length; at += 1) {
    const bin = at + 0.5;
    const first = shareOfFirst(bin, counts[at]!);
    total += counts[at]!;
    for (const [index, share] of [first, 1 - first].entries()) {
      const of = sums[index]!;
      of.count += counts[at]! * share;
      of.sum += counts[at]! * share * bin;
      of.squares += counts[at]! * share * bin * bin;
    }
  }
  const [a, b] = sums.map(({ count, sum, squares }): Component => {
    const mean = count > 0 ? sum / count : 0;
    const variance = count > 0 ? squares / count - mean * mean : 0;
    return {
      share: count / total,
      mean,
      deviation: Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, variance))),
    };
  });
  return [a!, b!];
}

function density({ share, mean, deviation }: Component, bin: number): number {
  return (share / deviation) * Math.exp(-(((bin - mean) / deviation) ** 2) / 2);
}

const STEP = 0.05;

/**
 * Where between their means the sum of both is lowest; null where it only rises or only falls there, for then nothing
 * tells the two apart.
 */
export function valley([a, b]: readonly [Component, Component]): number | null {
  let lowest = { bin: a.mean, height: Infinity };
  for (let bin = a.mean; bin <= b.mean; bin += STEP) {
    const height = density(a, bin) + density(b, bin);
    if (height < lowest.height) lowest = { bin, height };
  }
  const inside = lowest.bin > a.mean + STEP && lowest.bin < b.mean - STEP;
  return inside && lowest.height < Infinity ? lowest.bin : null;
}
