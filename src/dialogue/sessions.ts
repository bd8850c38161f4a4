import type { Message } from "../import/message.js";
import type { Chat } from "./order-chats.js";
import type { Rhythm } from "./rhythm.js";

/** Messages that belong together, in their order; all of one contact. */
export type Session = {
  contact: string;
  messages: Message[];
  /** An own message that comes later than this after the own one before it is no part of the same reply. */
  burstSeconds: number;
};

/**
 * A chat as sessions: as the exporter cut it, or by silences where messages have times. Days count in full.
 *
 * @param rhythm of the contact; null for a chat without times
 */
export function cutSessions({ contact, messages }: Chat, rhythm: Rhythm | null): Session[] {
  if (rhythm === null) return [{ contact, messages, burstSeconds: Infinity }];
  const sessions: Session[] = [];
  let before = -Infinity;
  for (const message of messages) {
    if (message.time! - before > rhythm.session.seconds) {
      sessions.push({ contact, messages: [], burstSeconds: rhythm.burst.seconds });
    }
    sessions.at(-1)!.messages.push(message);
    before = message.time!;
  }
  return sessions;
}
