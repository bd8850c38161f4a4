import { Groups } from "../groups.js";
import { findNearDuplicates } from "../near-duplicates.js";
import type { Piece } from "../turns.js";

/** Shorter dialogues are alike because people say the same things again; that is style, and stays. */
const CHARACTERS = 40;
const LIKENESS = 0.8;

/**
 * Dialogues that say, from beginning to end, nearly what another one says; of each group the longest is none, among
 * equally long ones the first. Case and white space make no difference.
 */
export function findRepeats(pieces: readonly Piece[]): Set<Piece> {
  const long: { piece: Piece; text: string }[] = [];
  for (const piece of pieces) {
    const text = normalise(piece.dialogue.turns.map((turn) => turn.text).join("\n"));
    if (text.length > CHARACTERS) long.push({ piece, text });
  }
  const groups = new Groups(long.length);
  findNearDuplicates(
    long.map(({ text }) => text),
    LIKENESS,
    (a, b) => groups.of(a) === groups.of(b),
    (a, b) => groups.join(a, b),
  );
  const kept = new Map<number, number>();
  for (const [index, { text }] of long.entries()) {
    const before = kept.get(groups.of(index));
    if (before === undefined || text.length > long[before]!.text.length) kept.set(groups.of(index), index);
  }
  return new Set(long.flatMap(({ piece }, index) => (kept.get(groups.of(index)) === index ? [] : [piece])));
}

function normalise(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, " ").trim();
}
