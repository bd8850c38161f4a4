import type { Message } from "../import/message.js";
import { cutSessions, type Limits } from "./sessions.js";
import type { Dialogue, LedgerEntry } from "./dialogue.js";
import type { Reason } from "./reasons.js";
import type { DialogueSettings } from "./settings.js";
import { chooseHeldOut } from "./split.js";
import { makeTurns, type Piece } from "./turns.js";

/** Every message is in a dialogue or in the ledger; a system prompt may be in several dialogues. */
export type Dialogues = {
  dialogues: Dialogue[];
  /** The messages of each dialogue, in the same order. */
  messageIds: string[][];
  ledger: LedgerEntry[];
};

/** Messages as dialogues ready for training, each on its side of the split. */
export function makeDialogues(messages: readonly Message[], settings: DialogueSettings): Dialogues {
  const limits: Limits = {
    gapSeconds: settings.gapMinutes * 60,
    burstSeconds: settings.burstMinutes * 60,
  };
  const { sessions, unplaced } = cutSessions(messages, () => limits);
  const ledger = unplaced.map(({ id, contact }): LedgerEntry => {
    return { reason: "no-time" satisfies Reason, messageIds: [id], contact };
  });
  const pieces: Piece[] = [];
  for (const session of sessions) {
    const made = makeTurns(session, settings.longestMessage);
    pieces.push(...made.pieces);
    ledger.push(...made.ledger);
  }
  const heldOut = chooseHeldOut(
    pieces.map(({ dialogue }) => dialogue),
    settings,
  );
  return {
    dialogues: pieces.map(({ dialogue: { id, contact, time, system, turns } }) => {
      return { id, contact, time, split: heldOut.has(id) ? "heldout" : "train", system, turns };
    }),
    messageIds: pieces.map((piece) => piece.messageIds),
    ledger,
  };
}
