import { stableId } from "../../stable-id.js";
import type { Turn } from "../dialogue.js";
import { comparable } from "../comparable.js";
import type { Piece } from "../turns.js";

/** Only replies up to this many characters are counted; a longer one said again is a repeat. */
const SHORT_CHARACTERS = 40;
const TOP = 10;
/** However few replies there are, so often a reply may always be said. */
const ALWAYS = 8;
const ALWAYS_SHARE = 0.02;

/** A reply, and its place among the turns. */
export type Reply = { piece: Piece; turn: Turn; at: number };

/**
 * Short replies that are said so often that a model would learn little else: `ok`, 好的, 哈哈. They stay in their
 * dialogues, for how often a person says them is style; what is beyond the limit only carries no loss.
 *
 * The limit is twice the middle count of the ten most frequent replies. Which ones are beyond it is decided by the
 * seed, so that they are spread over contacts and years.
 */
export function beyondLimit(pieces: readonly Piece[], seed: number): Reply[] {
  const said = new Map<string, Reply[]>();
  let replies = 0;
  for (const piece of pieces) {
    for (const [at, turn] of piece.dialogue.turns.entries()) {
      if (turn.role !== "assistant" || turn.weight === 0) continue;
      replies += 1;
      if (turn.text.length > SHORT_CHARACTERS) continue;
      const text = comparable(turn.text);
      if (said.has(text)) said.get(text)!.push({ piece, turn, at });
      else said.set(text, [{ piece, turn, at }]);
    }
  }
  const top = [...said.values()].map(({ length }) => length).sort((a, b) => b - a);
  const middle = top.slice(0, TOP)[Math.floor(Math.min(TOP, top.length) / 2)] ?? 0;
  const limit = Math.max(2 * middle, ALWAYS, Math.ceil(ALWAYS_SHARE * replies));
  return [...said.values()].flatMap((same) => {
    if (same.length <= limit) return [];
    const ranked = same.map((reply) => ({
      reply,
      rank: stableId([seed, reply.piece.dialogue.id, reply.at]),
    }));
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    return ranked.slice(limit).map(({ reply }) => reply);
  });
}
