import type { Run } from "../../progress.js";
import { comparable } from "../comparable.js";
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
export async function findRepeats(pieces: readonly Piece[], run: Run = {}): Promise<Set<Piece>> {
  const said = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const text = comparable(piece.dialogue.turns.map((turn) => turn.text).join("\n"));
    if (text.length <= CHARACTERS) continue;
    if (said.has(text)) said.get(text)!.push(piece);
    else said.set(text, [piece]);
  }
  const texts = [...said.keys()];
  const groups = new Groups(texts.length);
  const pairs = {
    threshold: LIKENESS,
    joined: (a: number, b: number) => groups.of(a) === groups.of(b),
    found: (a: number, b: number) => groups.join(a, b),
  };
  await findNearDuplicates(texts, pairs, run);
  const longest = new Map<number, string>();
  for (const [index, text] of texts.entries()) {
    const before = longest.get(groups.of(index));
    if (before === undefined || text.length > before.length) longest.set(groups.of(index), text);
  }
  const stay = new Set([...longest.values()].map((text) => said.get(text)![0]!));
  return new Set([...said.values()].flat().filter((piece) => !stay.has(piece)));
}
