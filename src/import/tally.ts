import type { Contact } from "./contacts.js";
import type { Entry, Origin } from "./entry.js";
import type { Kind } from "./kinds.js";
import type { Counts, FileReport, Span } from "./report.js";

type Between = { first: number; last: number };
type OfContact = Counts & Between;

/** Counts along while messages are written. */
export class Tally {
  readonly written: Counts = { dialogues: 0, messages: 0 };
  readonly duplicates: Counts = { dialogues: 0, messages: 0 };
  readonly kinds = new Map<Kind, number>();
  readonly sources = new Map<string, Counts>();
  readonly names = new Map<string, number>();
  /** Whether all names of the owner come from training data. */
  trainingOnly = true;
  #files: readonly FileReport[];
  #contacts = new Map<Contact, OfContact>();

  constructor(files: readonly FileReport[]) {
    this.#files = files;
  }

  /** Something that a file gave and that is kept, unless a sample leaves it out. */
  found(unit: readonly Entry[]): void {
    const { origin, session } = unit[0]!;
    add(this.#files[origin.segment]!, unit.length, session !== null);
    const own = unit.find(({ owner, by }) => owner && by.sender !== "");
    if (!own) return;
    this.names.set(own.by.sender, (this.names.get(own.by.sender) ?? 0) + 1);
    if (own.time !== null) this.trainingOnly = false;
  }

  /** Something that a file gave and that another one gave too. */
  duplicate(origin: Origin, messages: number, dialogue: boolean): void {
    add(this.#files[origin.segment]!.duplicates, messages, dialogue);
    add(this.duplicates, messages, dialogue);
  }

  /** Something that is being written. */
  wrote(
    unit: readonly { kind: Kind; time: number | null }[],
    source: string,
    contact: Contact,
    dialogue: boolean,
  ): void {
    let ofSource = this.sources.get(source);
    if (!ofSource) this.sources.set(source, (ofSource = { dialogues: 0, messages: 0 }));
    let ofContact = this.#contacts.get(contact);
    if (!ofContact) {
      ofContact = { dialogues: 0, messages: 0, first: Infinity, last: -Infinity };
      this.#contacts.set(contact, ofContact);
    }
    for (const counts of [ofSource, ofContact, this.written]) add(counts, unit.length, dialogue);
    for (const { kind, time } of unit) {
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
      if (time === null) continue;
      if (time < ofContact.first) ofContact.first = time;
      if (time > ofContact.last) ofContact.last = time;
    }
  }

  /** What was written of each contact. */
  contacts(): (Counts & { contact: string; group?: true; span: Span })[] {
    return [...this.#contacts].map(([{ name, group }, { dialogues, messages, ...between }]) => ({
      contact: name,
      ...(group ? { group } : {}),
      dialogues,
      messages,
      span: spanOf(between),
    }));
  }

  span(): Span {
    const all = [...this.#contacts.values()];
    return spanOf({
      first: all.reduce((least, { first }) => Math.min(least, first), Infinity),
      last: all.reduce((most, { last }) => Math.max(most, last), -Infinity),
    });
  }
}

function add(counts: Counts, messages: number, dialogue: boolean): void {
  counts.messages += messages;
  if (dialogue) counts.dialogues += 1;
}

/** The largest time that a date can hold, in seconds. */
const LAST_DAY = 8_640_000_000_000;

function spanOf({ first, last }: Between): Span {
  if (first > last || Math.max(Math.abs(first), Math.abs(last)) > LAST_DAY) return null;
  return { first: new Date(1000 * first).toISOString(), last: new Date(1000 * last).toISOString() };
}
