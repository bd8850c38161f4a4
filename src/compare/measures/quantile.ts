/**
 * The value below which a share of the values lies, between neighbours in a straight line; NaN without values.
 *
 * @param share 0 to 1; 0.5 is the median
 * @source Hyndman and Fan 1996, definition 7 (the default of R and NumPy)
 */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(ascending(values), share);
}

/** A sorted copy, smallest first. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** As `quantile`, of values that are sorted already. */
export function quantileOfSorted(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (place - below);
}
