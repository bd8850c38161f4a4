/** Two bins double the length: each gap counts in the bin of floor(2 · log2(seconds)), one under a second in the first. */
const BINS_PER_DOUBLING = 2;
/** The last bin holds all gaps of 2^25 seconds (a year) and more. */
const BINS = 25 * BINS_PER_DOUBLING + 1;

/** The bin at which a gap lies, as a number between bins. */
export function binOf(seconds: number): number {
  return BINS_PER_DOUBLING * Math.log2(Math.max(1, seconds));
}

/** The gap at a place between bins. */
export function secondsAt(bin: number): number {
  return 2 ** (bin / BINS_PER_DOUBLING);
}

/**
 * Where around a length that is told in whole minutes the true ones lie, in minutes, and what share of them: both
 * times may be up to a minute later than told, so that the shares are a triangle.
 */
const AROUND_A_MINUTE = Array.from({ length: 64 }, (_, at) => {
  const shift = (at + 0.5) / 32 - 1;
  return { shift, share: (1 - Math.abs(shift)) / 32 };
});

/**
 * How often gaps of each length occur.
 *
 * @param gaps in seconds
 * @param wholeMinutes the times are told in minutes, so that a gap of 0 means anything under a minute
 */
export function countGaps(gaps: Iterable<number>, wholeMinutes: boolean): Float64Array {
  const counts = new Float64Array(BINS);
  const add = (seconds: number, weight: number): void => {
    counts[Math.min(BINS - 1, Math.floor(binOf(seconds)))]! += weight;
  };
  for (const gap of gaps) {
    if (!wholeMinutes) add(gap, 1);
    else for (const { shift, share } of AROUND_A_MINUTE) add(Math.abs(gap + 60 * shift), share);
  }
  return counts;
}
