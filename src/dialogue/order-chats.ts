import type { Message } from "../import/message.js";

/** Messages of one contact in their order: one dialogue as the exporter cut it, or all that have times. */
export type Chat = {
  contact: string;
  /** Whether times order it; otherwise the exporter did. */
  timed: boolean;
  messages: Message[];
};

/**
 * Messages by contact and, where the exporter cut dialogues, by dialogue.
 *
 * Times are often whole minutes, so messages of equal time stay in the order of the export; one that runs from the
 * newest to the oldest is turned round first.
 *
 * @returns chats in the order in which their first message was given, and messages with neither a dialogue nor a
 * time, which cannot be placed
 */
export function orderChats(messages: readonly Message[]): { chats: Chat[]; unplaced: Message[] } {
  const byKey = new Map<string, Chat>();
  const unplaced: Message[] = [];
  for (const message of messages) {
    const { contact, session, time } = message;
    if (session === null && time === null) {
      unplaced.push(message);
      continue;
    }
    const key = `${session ?? ""}\n${contact}`;
    const chat = byKey.get(key);
    if (chat) chat.messages.push(message);
    else byKey.set(key, { contact, timed: session === null, messages: [message] });
  }
  const chats = [...byKey.values()];
  for (const chat of chats) if (chat.timed) chat.messages = inOrderOfTime(chat.messages);
  return { chats, unplaced };
}

function inOrderOfTime(messages: Message[]): Message[] {
  let forwards = 0;
  let backwards = 0;
  for (let at = 1; at < messages.length; at += 1) {
    const step = messages[at]!.time! - messages[at - 1]!.time!;
    if (step > 0) forwards += 1;
    else if (step < 0) backwards += 1;
  }
  if (backwards === 0) return messages;
  const given = backwards > forwards ? messages.toReversed() : messages;
  return given.toSorted((a, b) => a.time! - b.time!);
}
