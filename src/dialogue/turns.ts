import type { Message } from "../import/message.js";
import { stableId } from "../stable-id.js";
import type { Session } from "./sessions.js";
import type { Dialogue, LedgerEntry, Turn } from "./dialogue.js";
import type { Reason } from "./reasons.js";

/** A dialogue that is on no side yet, and the messages it is made of. */
export type Piece = { dialogue: Omit<Dialogue, "split">; messageIds: string[] };

/**
 * The dialogues in a session, and what of it had to be left out.
 *
 * A message that is left out cuts the session in two: a question must never meet the answer to another one.
 *
 * @param longestMessage in characters; 0 for no limit
 */
export function makeTurns(
  { contact, messages }: Session,
  longestMessage: number,
): { pieces: Piece[]; ledger: LedgerEntry[] } {
  const ledger: LedgerEntry[] = [];
  const drop = (reason: Reason, dropped: readonly Message[]): void => {
    if (dropped.length > 0) ledger.push({ reason, messageIds: dropped.map(({ id }) => id), contact });
  };

  const system = messages.filter(({ kind }) => kind === "system-prompt");
  const stretches: Message[][] = [[]];
  for (const message of messages) {
    if (message.kind === "system-prompt") continue;
    const reason = reasonToDrop(message, longestMessage);
    if (reason) {
      drop(reason, [message]);
      stretches.push([]);
    } else stretches.at(-1)!.push(message);
  }

  const pieces: Piece[] = [];
  for (const stretch of stretches) {
    const firstQuestion = stretch.findIndex(({ owner }) => !owner);
    const start = firstQuestion < 0 ? stretch.length : firstQuestion;
    const end = Math.max(start, stretch.findLastIndex(({ owner }) => owner) + 1);
    drop("leading-assistant", stretch.slice(0, start));
    drop("trailing-user", stretch.slice(end));
    if (end > start) pieces.push(makePiece(contact, system, stretch.slice(start, end)));
  }
  if (pieces.length === 0) drop("system-without-dialogue", system);
  return { pieces, ledger };
}

function reasonToDrop({ text }: Message, longestMessage: number): Reason | undefined {
  if (text.trim() === "") return "empty-text";
  if (longestMessage > 0 && text.length > longestMessage && [...text].length > longestMessage)
    return "too-long";
  return undefined;
}

function makePiece(contact: string, system: readonly Message[], messages: readonly Message[]): Piece {
  const messageIds = [...system, ...messages].map(({ id }) => id);
  return {
    messageIds,
    dialogue: {
      id: stableId(messageIds),
      contact,
      time: messages[0]!.time,
      system: system.length > 0 ? system.map(({ text }) => text).join("\n") : null,
      turns: joinSides(messages),
    },
  };
}

function joinSides(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const { owner, text } of messages) {
    const role = owner ? "assistant" : "user";
    const last = turns.at(-1);
    if (last?.role === role) last.text += `\n${text}`;
    else turns.push({ role, text, origin: "real", weight: owner ? 1 : 0 });
  }
  return turns;
}
