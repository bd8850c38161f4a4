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
import { type Dropped, makeTurns } from "./turns.js";

/** Every message is in a dialogue or in the ledger; a system prompt or a quoted message may be in several dialogues. */
export type Dialogues = {
  dialogues: Dialogue[];
  /** The messages of each dialogue, in the same order. */
  messageIds: string[][];
  ledger: LedgerEntry[];
  /** How many messages are in a dialogue; the ledger has all others. */
  used: number;
  /** What is in a dialogue, but counts less than it did. */
  changes: LedgerEntry[];
  /** Of each contact whose messages have times. */
  rhythms: Rhythm[];
};

/** What is known of messages and dialogues beside their words. */
export type Beside = Pick<Protection, "dropped" | "protectText"> & {
  /** Points that a language model gave, 1 to 5, by id of the dialogue. */
  scores: ReadonlyMap<string, number>;
};

const NOTHING_KNOWN: Beside = { dropped: new Set(), protectText: (text) => text, scores: new Map() };

/**
 * Messages as dialogues ready for training, each on its side of the split.
 *
 * @param beside which messages to leave out for what they hold, what is done to texts that are made here, and scores
 */
export async function makeDialogues(
  messages: readonly Message[],
  settings: DialogueSettings,
  run: Run = {},
  beside: Beside = NOTHING_KNOWN,
): Promise<Dialogues> {
  const step = (note: string): Promise<void> =>
    breathe(run, { stage: "dialogue", done: 0, total: messages.length, unit: "messages", note });

  await step("choosing");
  const ordered = orderChats(messages);
  const { chats, cuts, passed } = chooseMessages(ordered.chats, settings, beside.dropped);

  await step("sessions");
  const rhythms = chats.map((chat) => (chat.timed ? learnRhythm(chat, settings) : null));
  const sessions = chats.flatMap((chat, index) => cutSessions(chat, rhythms[index]!));

  await step("turns");
  const { pieces, dropped } = makeTurns(
    sessions,
    { cuts, links: findLinks(chats) },
    settings,
    beside.protectText,
  );

  const judged = await judge(pieces, settings, beside.scores, run);
  const heldOut = await chooseHeldOut(
    judged.pieces.map(({ dialogue, sessions }) => ({ ...dialogue, sessions })),
    settings,
    run,
  );
  const leftOut: Dropped[] = [
    ...ordered.unplaced.map((message) => alone(message, "no-time")),
    ...passed.map(({ message, reason }) => alone(message, reason)),
    ...dropped,
    ...judged.dropped,
  ];
  const used = checkAccount(messages, judged.pieces, leftOut);
  return {
    dialogues: judged.pieces.map(({ dialogue: { id, contact, time, system, turns } }) => {
      return { id, contact, time, split: heldOut.has(id) ? "heldout" : "train", system, turns };
    }),
    messageIds: judged.pieces.map((piece) => piece.messages.map(({ id }) => id)),
    ledger: leftOut.map((one) => {
      return { reason: one.reason, messageIds: one.messages.map(({ id }) => id), contact: one.contact };
    }),
    used,
    changes: judged.changes,
    rhythms: rhythms.filter((rhythm) => rhythm !== null),
  };
}

function alone(message: Message, reason: Reason): Dropped {
  return { reason, messages: [message], contact: message.contact };
}
