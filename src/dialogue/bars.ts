const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * Numbers as a row of bars, a character each; a space for 0. Heights grow with the square root, so that the few beside
 * the many are seen.
 */
export function bars(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts
    .map((count) => (count <= 0 ? " " : BLOCKS[Math.round(Math.sqrt(count / most) * (BLOCKS.length - 1))]))
    .join("");
}
