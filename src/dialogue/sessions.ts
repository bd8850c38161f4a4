import type { Message } from "../import/message.js";

/** Messages that belong together, in their order; all of one contact. */
export type Session = { contact: string; messages: Message[] };

/** How silences cut one contact's chat. */
export type Limits = {
  /** A silence longer than this ends a session. */
  gapSeconds: number;
  /** An own message that comes later than this after the own one before it is no part of the same reply. */
  burstSeconds: number;
};

/**
 * Messages as sessions: as the exporter cut them, or by silences where messages have times.
 *
 * An own message that follows an own one after `burstSeconds` starts a session, for it answers nothing. Incoming
 * messages are never cut apart by that: all that came in before a reply is what it replies to.
 *
 * @param limitsOf of each contact
 * @returns sessions in the order in which their first message was given, timed ones of a contact in order of time;
 * and messages with neither a session nor a time, which cannot be placed
 */
export function cutSessions(
  messages: readonly Message[],
  limitsOf: (contact: string) => Limits,
): { sessions: Session[]; unplaced: Message[] } {
  const given = new Map<string, Message[]>();
  const unplaced: Message[] = [];
  for (const message of messages) {
    const { contact, session, time } = message;
    if (session === null && time === null) unplaced.push(message);
    else {
      const key = JSON.stringify([contact, session]);
      const list = given.get(key);
      if (list) list.push(message);
      else given.set(key, [message]);
    }
  }
  const sessions = [...given.values()].flatMap((list) =>
    list[0]!.session === null ? cutBySilence(list, limitsOf(list[0]!.contact)) : [list],
  );
  return { sessions: sessions.map((list) => ({ contact: list[0]!.contact, messages: list })), unplaced };
}

function cutBySilence(messages: Message[], { gapSeconds, burstSeconds }: Limits): Message[][] {
  const sessions: Message[][] = [];
  let before: Message | undefined;
  for (const message of messages.toSorted((a, b) => a.time! - b.time!)) {
    const silence = before ? message.time! - before.time! : Infinity;
    const newThought = message.owner && before?.owner === true && silence > burstSeconds;
    if (silence > gapSeconds || newThought) sessions.push([]);
    sessions.at(-1)!.push(message);
    before = message;
  }
  return sessions;
}
