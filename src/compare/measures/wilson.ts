/** A share with its 95 % interval: `count` of `of`. */
export type Share = { share: number; count: number; of: number; low: number; high: number };

const Z = 1.959963984540054;

/**
 * A share and the 95 % interval of Wilson; null of nothing.
 *
 * @source Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference"
 */
export function wilson(count: number, of: number): Share | null {
  if (of === 0) return null;
  const share = count / of;
  const centre = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of);
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return { share, count, of, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
