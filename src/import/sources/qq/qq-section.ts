import { isQqItself, type QqName } from "./qq-name.js";
import { qqContent, qqNotice } from "./qq-placeholders.js";
import type { Conversation, Draft, Found } from "../source.js";

/** A message of one of Tencent's exports. */
export type QqLine = {
  from: QqName;
  /** Unix seconds; null if there is no such time. */
  time: number | null;
  place: string;
  words: string;
  /** Whether its colour says that the owner wrote it; null where there are none. */
  own: boolean | null;
};

/** Messages to wait for the first one's sender to write again; that happens within a few in any chat. */
const PATIENCE = 1000;

/**
 * One chat of an export of Tencent's: a section of `消息分组` and `消息对象`.
 *
 * Two things show only later, so that the first messages wait: whether it is a group, by an account behind a name;
 * and the side of the first message, whose colour is unreliable, by the next one of the same sender.
 */
export class QqSection {
  #category: string;
  #contact: string;
  #waiting: QqLine[] = [];
  #first: QqLine | undefined;
  #conversation: Conversation | undefined;
  #settled = false;

  constructor(category: string, contact: string) {
    this.#category = category;
    this.#contact = contact;
  }

  *add(line: QqLine): Iterable<Found> {
    if (this.#settled) {
      yield* this.#found(line);
      return;
    }
    this.#waiting.push(line);
    if (!isQqItself(line.from)) {
      if (this.#first === undefined) this.#first = line;
      else if (isSame(this.#first.from, line.from)) {
        this.#first.own = line.own;
        yield* this.#settle();
        return;
      }
      if (line.own === null) yield* this.#settle();
    }
    if (this.#waiting.length >= PATIENCE) yield* this.end();
  }

  /** What still waits. */
  *end(): Iterable<Found> {
    // One who wrote nothing else: only the contact's own name tells the side.
    if (!this.#settled && this.#first) this.#first.own = null;
    yield* this.#settle();
  }

  *#settle(): Iterable<Found> {
    this.#settled = true;
    for (const line of this.#waiting) yield* this.#found(line);
    this.#waiting = [];
  }

  /** Accounts are shown in groups; should they be in a chat of two, the contact still writes under its name. */
  #described(): Conversation {
    const name = this.#contact;
    const shown = this.#first?.from.id !== undefined;
    const writes = this.#waiting.some(({ from }) => from.name === name);
    return { id: null, name, group: (shown && !writes) || /讨论组|多人聊天/.test(this.#category) };
  }

  *#found({ from, time, place, words, own }: QqLine): Iterable<Found> {
    if (words === "") return;
    if (time === null) {
      yield { kind: "problem", place, what: "there is no such time" };
      return;
    }
    const conversation = (this.#conversation ??= this.#described());
    const base = { conversation, session: null, time, originalType: null };
    let message: Draft;
    if (isQqItself(from)) message = { ...base, sender: "", owner: false, ...qqNotice(words) };
    else {
      const { name, id } = from;
      const isContact = !conversation.group && name === conversation.name;
      message = {
        ...base,
        sender: name,
        ...(id === undefined ? {} : { senderId: id }),
        owner: own ?? (isContact ? false : null),
        ...qqContent(words),
      };
    }
    yield { kind: "message", message };
  }
}

function isSame(a: QqName, b: QqName): boolean {
  return a.id === undefined ? a.name === b.name : a.id === b.id;
}
