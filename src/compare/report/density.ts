/** A point of a smooth curve. */
export type Point = { x: number; y: number };

const POINTS = 160;
/** In doublings: wide enough to be smooth with 60 replies, narrow enough to keep two humps apart. */
const BANDWIDTH = 0.33;

/**
 * How densely lengths lie, on a scale of doublings; the highest point is 1.
 *
 * @param lengths characters; an empty reply is put at 1, the left end of the scale
 * @param longest right end of the curve
 * @source kernel density estimate, Silverman 1986, Gaussian kernel
 */
export function lengthDensity(lengths: readonly number[], longest: number): Point[] {
  const logs = lengths.map((length) => Math.log2(Math.max(1, length)));
  const end = Math.log2(longest);
  const points = Array.from({ length: POINTS + 1 }, (_, index) => {
    const at = (end * index) / POINTS;
    const y = logs.reduce((sum, log) => sum + Math.exp(-0.5 * ((log - at) / BANDWIDTH) ** 2), 0);
    return { x: 2 ** at, y };
  });
  const top = Math.max(...points.map(({ y }) => y));
  return points.map(({ x, y }) => ({ x, y: y / top }));
}
