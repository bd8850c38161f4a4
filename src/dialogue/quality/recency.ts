import type { Piece } from "../turns.js";

/** Seconds of a month, on average over leap years. */
const MONTH = 2_629_746;

/** Dialogues that began more than so many months before the newest one; those without a time are never too old. */
export function olderThan(pieces: readonly Piece[], months: number): Set<Piece> {
  const newest = pieces.reduce(
    (latest, { dialogue }) => Math.max(latest, dialogue.time ?? -Infinity),
    -Infinity,
  );
  const oldest = newest - months * MONTH;
  return new Set(pieces.filter(({ dialogue }) => dialogue.time !== null && dialogue.time < oldest));
}
