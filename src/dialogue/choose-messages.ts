import type { Message } from "../import/message.js";
import { findAddressed } from "./addressed.js";
import type { Chat } from "./order-chats.js";
import { isGibberish } from "./quality/gibberish.js";
import type { Reason } from "./reasons.js";
import type { DialogueSettings } from "./settings.js";

/** What of the chats can become turns. */
export type Choice = {
  /** The chats without what is passed over. */
  chats: Chat[];
  /** Messages of these chats that must not be learnt: each cuts its dialogue in two. */
  cuts: Map<Message, Reason>;
  /** Messages that are passed over, as if nobody had said anything, and why. */
  passed: { message: Message; reason: Reason }[];
};

/**
 * Tells words from what cuts a dialogue and from what is passed over.
 *
 * Everything that somebody did and somebody may have answered cuts: pictures, calls and pats as well as words that are
 * taken back, passed on, a program's, or too long. A question must never meet the answer to another one. A notice
 * of the chat program is nobody's doing, and in a group others' talk among themselves is no part of the exchange.
 *
 * @param isPrivate ids of messages that must not be learnt for what they hold
 */
export function chooseMessages(
  chats: readonly Chat[],
  { groups, longestMessage, restore }: Pick<DialogueSettings, "groups" | "longestMessage" | "restore">,
  isPrivate: ReadonlySet<string> = new Set(),
): Choice {
  const restored = new Set(restore);
  const choice: Choice = { chats: [], cuts: new Map(), passed: [] };
  for (const { contact, timed, messages } of chats) {
    const group = messages[0]!.group === true;
    const addressed = group && groups === "addressed" ? findAddressed(messages) : undefined;
    const kept = messages.filter((message) => {
      const reason = reasonToPass(message, group && !addressed, addressed);
      if (reason) choice.passed.push({ message, reason });
      return reason === null;
    });
    for (const message of kept) {
      const reason: Reason | null =
        addressed && !addressed.has(message)
          ? "not-addressed"
          : (reasonUnlessRestored(message, longestMessage, restored) ??
            (isPrivate.has(message.id) ? "private" : null));
      if (reason) choice.cuts.set(message, reason);
    }
    if (kept.length > 0) choice.chats.push({ contact, timed, messages: kept });
  }
  return choice;
}

function reasonToPass(
  message: Message,
  groupsOff: boolean,
  addressed: ReadonlySet<Message> | undefined,
): Reason | null {
  if (groupsOff) return "group";
  if (message.kind === "system") return "notice";
  return addressed && !message.owner && !addressed.has(message) ? "not-addressed" : null;
}

function reasonUnlessRestored(
  message: Message,
  longestMessage: number,
  restored: ReadonlySet<string>,
): Reason | null {
  const reason = reasonToCut(message, longestMessage);
  const mayStay = reason !== null && reason !== "recalled" && reason !== "empty-text";
  return mayStay && (restored.has(reason) || restored.has(message.id)) ? null : reason;
}

function reasonToCut({ kind, text, forwarded, bot }: Message, longestMessage: number): Reason | null {
  if (kind === "system-prompt") return null;
  if (kind === "recalled") return "recalled";
  if (kind !== "text") return "not-text";
  if (forwarded) return "forwarded";
  if (bot) return "bot";
  if (text.trim() === "") return "empty-text";
  if (isGibberish(text)) return "gibberish";
  if (longestMessage > 0 && text.length > longestMessage && [...text].length > longestMessage)
    return "too-long";
  return null;
}
