import type { Piece } from "../turns.js";

/** Replies of so few characters say too little to be judged by; people are short, and that is what is to be learnt. */
const SHORT = 8;

/** Dialogues with a score below the least one; those with none, or whose replies are all short, are never among them. */
export function belowScore(
  pieces: readonly Piece[],
  scores: ReadonlyMap<string, number>,
  least: number,
): Set<Piece> {
  return new Set(
    pieces.filter(({ dialogue }) => {
      const score = scores.get(dialogue.id);
      if (score === undefined || score >= least) return false;
      return dialogue.turns.some(({ role, text }) => role === "assistant" && [...text].length > SHORT);
    }),
  );
}
