import type { Skipped } from "./find-files.js";

/** How many files are named that were left out for the same reason. */
const LISTED = 20;

/** Files that were not read, those that many share a reason with as a count. */
export function listSkipped(skipped: readonly Skipped[]): Skipped[] {
  const counts = new Map<string, number>();
  const listed = skipped.filter(({ why }) => {
    const count = (counts.get(why) ?? 0) + 1;
    counts.set(why, count);
    return count <= LISTED;
  });
  const more = [...counts].filter(([, count]) => count > LISTED);
  return [...listed, ...more.map(([why, count]) => ({ file: `${count - LISTED} more files`, why }))];
}
