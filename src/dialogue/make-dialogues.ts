import type { Message } from "../import/message.js";
import { breathe, type Run } from "../progress.js";
import { checkAccount } from "./account.js";
import { chooseMessages } from "./choose-messages.js";
import type { Dialogue, LedgerEntry } from "./dialogue.js";
import { findLinks } from "./links.js";
import { orderChats } from "./order-chats.js";
import type { Protection } from "./privacy/protect.js";
import type { Reason } from "./reasons.js";
import { learnRhythm, type Rhythm } from "./rhythm.js";
import { cutSessions } from "./sessions.js";
import type { DialogueSettings } from "./settings.js";
import { judge } from "./quality/judge.js";
import { chooseHeldOut } from "./split.js";
import { makeTurns } from "./turns.js";

/** Every message is in a dialogue or in the ledger; a system prompt or a quoted message may be in several dialogues. */
export type Dialogues = {
  dialogues: Dialogue[];
  /** The messages of each dialogue, in the same order. */
  messageIds: string[][];
  ledger: LedgerEntry[];
  /** What is in a dialogue, but counts less than it did. */
  changes: LedgerEntry[];
  /** Of each contact whose messages have times. */
  rhythms: Rhythm[];
};

const UNGUARDED = { dropped: new Set<string>(), protectText: (text: string) => text };

/**
 * Messages as dialogues ready for training, each on its side of the split.
 *
 * @param guard which messages to leave out for what they hold, and what is done to texts that are made here
 * @throws {MalformedInput} two messages have the same id
 */
export async function makeDialogues(
  messages: readonly Message[],
  settings: DialogueSettings,
  run: Run = {},
  guard: Pick<Protection, "dropped" | "protectText"> = UNGUARDED,
): Promise<Dialogues> {
  const step = (note: string): Promise<void> =>
    breathe(run, { stage: "dialogue", done: 0, total: messages.length, unit: "messages", note });

  await step("choosing");
  const ordered = orderChats(messages);
  const { chats, cuts, passed } = chooseMessages(ordered.chats, settings, guard.dropped);

  await step("sessions");
  const rhythms = chats.map((chat) => (chat.timed ? learnRhythm(chat, settings) : null));
  const sessions = chats.flatMap((chat, index) => cutSessions(chat, rhythms[index]!));

  await step("turns");
  const { pieces, ledger: dropped } = makeTurns(
    sessions,
    { cuts, links: findLinks(chats) },
    settings,
    guard.protectText,
  );

  const judged = await judge(pieces, settings, run);
  const heldOut = await chooseHeldOut(
    judged.pieces.map(({ dialogue, sessions }) => ({ ...dialogue, sessions })),
    settings,
    run,
  );
  const ledger = [
    ...ordered.unplaced.map((message) => entry(message, "no-time")),
    ...passed.map(({ message, reason }) => entry(message, reason)),
    ...dropped,
    ...judged.ledger,
  ];
  const messageIds = judged.pieces.map((piece) => piece.messageIds);
  checkAccount(messages, messageIds, ledger);
  return {
    dialogues: judged.pieces.map(({ dialogue: { id, contact, time, system, turns } }) => {
      return { id, contact, time, split: heldOut.has(id) ? "heldout" : "train", system, turns };
    }),
    messageIds,
    ledger,
    changes: judged.changes,
    rhythms: rhythms.filter((rhythm) => rhythm !== null),
  };
}

function entry({ id, contact }: Message, reason: Reason): LedgerEntry {
  return { reason, messageIds: [id], contact };
}
