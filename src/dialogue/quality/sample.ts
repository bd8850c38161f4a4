import { stableId } from "../../stable-id.js";
import type { Piece } from "../turns.js";

/**
 * Dialogues to leave out so that about `size` stay, spread evenly over contacts: small contacts keep all they have,
 * large ones share the rest. Which stay depends on the seed and the dialogues alone, not on their order.
 *
 * @param size at least 1
 */
export function beyondSample(pieces: readonly Piece[], size: number, seed: number): Set<Piece> {
  const byContact = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const { contact } = piece.dialogue;
    if (!byContact.has(contact)) byContact.set(contact, []);
    byContact.get(contact)!.push(piece);
  }
  const contacts = [...byContact].sort(
    ([a, own], [b, others]) => own.length - others.length || (a < b ? -1 : 1),
  );
  const out = new Set<Piece>();
  let left = size;
  for (const [index, [, own]] of contacts.entries()) {
    const share = Math.ceil(left / (contacts.length - index));
    const ranked = own
      .map((piece) => ({ piece, rank: stableId([seed, piece.dialogue.id]) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1));
    for (const { piece } of ranked.slice(share)) out.add(piece);
    left -= Math.min(share, own.length);
  }
  return out;
}
