import type { Run } from "../../progress.js";
import type { LedgerEntry } from "../dialogue.js";
import type { Reason } from "../reasons.js";
import type { DialogueSettings } from "../settings.js";
import type { Dropped, Piece } from "../turns.js";
import { beyondShare } from "./contact-share.js";
import { belowScore } from "./below-score.js";
import { beyondLimit } from "./frequent-replies.js";
import { isOneSided } from "./one-sided.js";
import { olderThan } from "./recency.js";
import { findRepeats } from "./repeats.js";
import { beyondSample } from "./sample.js";

/** What is worth learning, and what is left out or counts less, with the reason. */
export type Judged = {
  pieces: Piece[];
  /** Of every dialogue that was left out. */
  dropped: Dropped[];
  /** A row for every reply that carries no loss any more. */
  changes: LedgerEntry[];
};

/**
 * Leaves out dialogues that teach nothing or too much of one thing: too old, one-sided, said before, judged badly by a
 * model if one was asked, beyond a contact's share, or not in the sample that was asked for; and takes the loss from short replies that are said far more often than others.
 *
 * The rules come one after the other, each judging what the ones before it have left. A piece that the person has
 * restored is judged by none.
 */
export async function judge(
  given: readonly Piece[],
  settings: Pick<
    DialogueSettings,
    "newestMonths" | "contactShare" | "leastScore" | "sample" | "restore" | "seed"
  >,
  scores: ReadonlyMap<string, number>,
  run: Run = {},
): Promise<Judged> {
  const { newestMonths, contactShare, leastScore, sample, seed } = settings;
  const restored = new Set(settings.restore);
  const isRestored = ({ dialogue, messages }: Piece): boolean =>
    restored.has(dialogue.id) || messages.some(({ id }) => restored.has(id));
  const dropped: { piece: Piece; reason: Reason }[] = [];
  let pieces = [...given];
  const apply = (reason: Reason, out: ReadonlySet<Piece>): void => {
    if (restored.has(reason)) return;
    pieces = pieces.filter((piece) => {
      if (!out.has(piece) || isRestored(piece)) return true;
      dropped.push({ piece, reason });
      return false;
    });
  };
  if (newestMonths > 0) apply("too-old", olderThan(pieces, newestMonths));
  apply("one-sided", new Set(pieces.filter(({ dialogue }) => isOneSided(dialogue.turns))));
  if (!restored.has("repeat")) apply("repeat", await findRepeats(pieces, run));
  if (leastScore > 0) apply("low-score", belowScore(pieces, scores, leastScore));
  apply("contact-share", beyondShare(pieces, contactShare));
  if (sample > 0) apply("not-sampled", beyondSample(pieces, sample, seed));
  const changes = restored.has("frequent-reply") ? [] : quieten(pieces, seed, isRestored);
  return { pieces, dropped: listDropped(dropped, pieces), changes };
}

/** A message that is in several dialogues, such as a quoted one, is out only when all of them are. */
function listDropped(
  dropped: readonly { piece: Piece; reason: Reason }[],
  kept: readonly Piece[],
): Dropped[] {
  const placed = new Set(kept.flatMap(({ messages }) => messages));
  return dropped.flatMap(({ piece, reason }) => {
    const messages = piece.messages.filter((message) => !placed.has(message));
    for (const message of messages) placed.add(message);
    return messages.length > 0 ? [{ reason, messages, contact: piece.dialogue.contact }] : [];
  });
}

/** Takes the loss from replies beyond the limit. */
function quieten(
  pieces: readonly Piece[],
  seed: number,
  isRestored: (piece: Piece) => boolean,
): LedgerEntry[] {
  const beyond = beyondLimit(pieces, seed).filter(({ piece }) => !isRestored(piece));
  return beyond.map(({ piece: { dialogue, messages }, turn }) => {
    turn.weight = 0;
    return {
      reason: "frequent-reply" satisfies Reason,
      messageIds: messages.map(({ id }) => id),
      contact: dialogue.contact,
      changed: true,
    };
  });
}
