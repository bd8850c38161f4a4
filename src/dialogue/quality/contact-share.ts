import type { Piece } from "../turns.js";

/**
 * Dialogues to leave out so that no contact has more than a share of all replies; the newest of a contact stay, of
 * those without times the last.
 *
 * Where the contacts are too few for such a share to be possible (two of at most 0.4), nothing is left out.
 *
 * @param share above 0, to 1
 */
export function beyondShare(pieces: readonly Piece[], share: number): Set<Piece> {
  const byContact = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const { contact } = piece.dialogue;
    if (!byContact.has(contact)) byContact.set(contact, []);
    byContact.get(contact)!.push(piece);
  }
  if (share >= 1 || byContact.size * share < 1) return new Set();
  const most = largestCount(
    [...byContact.values()].map((own) => count(own)),
    share,
  );
  const left = new Set<Piece>();
  for (const own of byContact.values()) {
    let kept = 0;
    for (const piece of own.toSorted(byTime).toReversed()) {
      kept += count([piece]);
      if (kept > most) left.add(piece);
    }
  }
  return left;
}

/** The count to which the largest have to come down so that none has more than its share of what remains. */
function largestCount(counts: readonly number[], share: number): number {
  const sorted = counts.toSorted((a, b) => b - a);
  let rest = sorted.reduce((sum, one) => sum + one, 0);
  for (const [cut, next] of [...sorted, 0].entries()) {
    // With the `cut` largest brought down to one count, these and the rest are in proportion at:
    const count = cut === 0 ? Infinity : (share * rest) / (1 - share * cut);
    const fits = cut === 0 ? next <= share * rest : count >= next;
    if (fits) return count;
    rest -= next;
  }
  return Infinity;
}

function byTime(a: Piece, b: Piece): number {
  return (a.dialogue.time ?? 0) - (b.dialogue.time ?? 0);
}

function count(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, { dialogue }) => sum + dialogue.turns.filter(({ role }) => role === "assistant").length,
    0,
  );
}
