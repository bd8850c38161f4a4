import type { Contact } from "./contacts.js";
import type { Entry, Origin } from "./entry.js";
import type { Kind } from "./kinds.js";
import type { Message } from "./message.js";
import type { Counts, FileReport, Span } from "./report.js";

type Between = { first: number; last: number };
type OfContact = Counts & Between;

/** Counts along while messages are written. */
export class Tally {
  readonly written: Counts = { dialogues: 0, messages: 0 };
  readonly duplicates: Counts = { dialogues: 0, messages: 0 };
  readonly forgotten: Counts = { dialogues: 0, messages: 0 };
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

  /** A dialogue or message that a file gave and that is kept, unless a sample leaves it out. */
  found(unit: readonly Entry[]): void {
    const { origin, session } = unit[0]!;
    add(this.#files[origin.segment]!, unit.length, session !== null);
    const own = unit.find(({ owner, by }) => owner && by.sender !== "");
    if (own) this.#named(own);
  }

  /** The same of a message that has a time; it is being written. */
  timed({ best, time }: { best: Entry; time: number }, contact: Contact): void {
    const { origin, owner, by, kind } = best;
    this.#files[origin.segment]!.messages += 1;
    if (owner && by.sender !== "") this.#named(best);
    const ofContact = this.#count(origin.source.id, contact, 1, false);
    this.#said(kind, time, ofContact);
  }

  /** Something that a file gave and that another one gave too. */
  duplicate(origin: Origin, messages: number, dialogue: boolean): void {
    add(this.#files[origin.segment]!.duplicates, messages, dialogue);
    add(this.duplicates, messages, dialogue);
  }

  /** A dialogue or message that a file gave and that is not written because its contact is to be forgotten. */
  forgot(messages: number, dialogue: boolean): void {
    add(this.forgotten, messages, dialogue);
  }

  /** A dialogue or message without time that is being written. */
  wrote(unit: readonly Message[], contact: Contact): void {
    const { source, session } = unit[0]!;
    const ofContact = this.#count(source, contact, unit.length, session !== null);
    for (const { kind, time } of unit) this.#said(kind, time, ofContact);
  }

  #named({ by, time }: Entry): void {
    this.names.set(by.sender, (this.names.get(by.sender) ?? 0) + 1);
    if (time !== null) this.trainingOnly = false;
  }

  #count(source: string, contact: Contact, messages: number, dialogue: boolean): OfContact {
    let ofSource = this.sources.get(source);
    if (!ofSource) this.sources.set(source, (ofSource = { dialogues: 0, messages: 0 }));
    let ofContact = this.#contacts.get(contact);
    if (!ofContact) {
      ofContact = { dialogues: 0, messages: 0, first: Infinity, last: -Infinity };
      this.#contacts.set(contact, ofContact);
    }
    add(ofSource, messages, dialogue);
    add(ofContact, messages, dialogue);
    add(this.written, messages, dialogue);
    return ofContact;
  }

  #said(kind: Kind, time: number | null, ofContact: OfContact): void {
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (time === null) return;
    if (time < ofContact.first) ofContact.first = time;
    if (time > ofContact.last) ofContact.last = time;
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
