import { writeAtomic } from "../files.js";
import type { Run } from "../progress.js";
import { type Contact, UNKNOWN_CONTACT } from "./contacts.js";
import type { Entry, Origin } from "./entry.js";
import { KnownWords } from "./known-words.js";
import type { Message } from "./message.js";
import { type MessageIndex, SegmentFinder } from "./order.js";
import { Output } from "./output.js";
import type { Owner } from "./owner.js";
import type { Pointed } from "./pointed.js";
import type { Sample } from "./sample.js";
import { sortTimed } from "./sort-timed.js";
import type { SpooledFile } from "./spool-files.js";
import { parseLine, speakerOf } from "./spool/line.js";
import { LineReader } from "./spool/line-reader.js";
import type { Tally } from "./tally.js";
import { type Emit, TimedWriter } from "./write-timed.js";
import { UntimedWriter } from "./write-untimed.js";

/** Everything that was found out about the spooled messages. */
export type Compiled = {
  files: readonly SpooledFile[];
  contacts: readonly Contact[];
  index: MessageIndex;
  owner: Owner;
  pointed: Pointed;
  sample: Sample | undefined;
  /** Numbers of contacts whose chats are read, so that copies elsewhere are known as such, but not written. */
  forgotten: ReadonlySet<number>;
  tally: Tally;
};

const MINUTE = 60;

/**
 * Writes `messages.jsonl`: contact by contact, those that files name first; of each the messages that have a time in
 * their order, then dialogues as exports cut them. What a sample picked comes last.
 */
export async function writeMessages(path: string, compiled: Compiled, run: Run): Promise<void> {
  const reader = new EntryReader(compiled);
  try {
    await writeAtomic(path, "import", async (sink) => {
      const out = new Output(sink, compiled.index.order.length, run);
      const untimed = new UntimedWriter(compiled.owner);
      const everywhere = new KnownWords();
      want(
        everywhere,
        compiled,
        reader,
        compiled.contacts.findIndex(({ name }) => name === UNKNOWN_CONTACT),
      );
      for (const [number, contact] of compiled.contacts.entries()) {
        const known = contact.name === UNKNOWN_CONTACT ? everywhere : new KnownWords();
        const hasBoth = timedOf(compiled.index, number).length > 0;
        if (known !== everywhere && hasBoth) want(known, compiled, reader, number);
        await writeTimed(number, compiled, reader, [known, everywhere], out);
        await writeUntimed(number, compiled, reader, untimed, known, out);
      }
      await writeSample(compiled, out);
      await out.flush();
    });
  } finally {
    reader.close();
  }
}

async function writeTimed(
  number: number,
  compiled: Compiled,
  reader: EntryReader,
  seers: readonly KnownWords[],
  out: Output,
): Promise<void> {
  const { index, contacts, owner, pointed, tally } = compiled;
  const contact = contacts[number]!;
  const messages = timedOf(index, number);
  const ranks = sortTimed(messages, index, reader.segments);
  const writer = new TimedWriter(contact, owner, pointed);
  const isForgotten = compiled.forgotten.has(number);
  const emit: Emit = (line, merged) => {
    const { best, all } = merged;
    if (isForgotten) tally.forgot(1, false);
    else tally.timed(merged, contact);
    if (all.length > 1) {
      for (const entry of all) if (entry !== best) tally.duplicate(entry.origin, 1, false);
    }
    if (!isForgotten) out.add(line);
  };
  for (let from = 0; from < messages.length;) {
    const minute = Math.floor(index.time[messages[from]!]! / MINUTE);
    const entries: Entry[] = [];
    let to = from;
    for (; to < messages.length && Math.floor(index.time[messages[to]!]! / MINUTE) === minute; to += 1) {
      const entry = reader.read(messages[to]!);
      for (const seer of seers) seer.see(entry);
      entries.push(entry);
    }
    writer.minute(byFile(entries, ranks), emit);
    out.done(to - from);
    if (out.isFull) await out.flush();
    from = to;
  }
}

/** The messages of each file in its order; files in theirs. */
function byFile(entries: readonly Entry[], ranks: ReadonlyMap<number, number>): (readonly Entry[])[] {
  if (entries.every(({ origin }) => origin === entries[0]!.origin)) return [entries];
  const files = new Map<number, Entry[]>();
  for (const entry of entries) {
    const list = files.get(entry.origin.segment);
    if (list) list.push(entry);
    else files.set(entry.origin.segment, [entry]);
  }
  return [...files].sort(([a], [b]) => ranks.get(a)! - ranks.get(b)!).map(([, list]) => list);
}

async function writeUntimed(
  number: number,
  compiled: Compiled,
  reader: EntryReader,
  writer: UntimedWriter,
  known: KnownWords,
  out: Output,
): Promise<void> {
  const { contacts, sample, tally } = compiled;
  const contact = contacts[number]!;
  let file: Origin | undefined;
  for (const entries of unitsOf(untimedOf(compiled.index, number), reader)) {
    const { origin, session } = entries[0]!;
    if (origin !== file) writer.startFile();
    file = origin;
    const unit = writer.unit(entries, contact, known);
    out.done(entries.length);
    if (out.isFull) await out.flush();
    if (!unit) {
      tally.duplicate(origin, entries.length, session !== null);
      continue;
    }
    if (compiled.forgotten.has(number)) {
      tally.forgot(entries.length, session !== null);
      continue;
    }
    tally.found(entries);
    if (sample && session !== null) sample.add(unit);
    else writeUnit(unit, contact, tally, out);
  }
}

async function writeSample({ sample, contacts, tally }: Compiled, out: Output): Promise<void> {
  const byName = new Map(contacts.map((contact) => [contact.name, contact]));
  for (const unit of sample?.units() ?? []) {
    writeUnit(unit, byName.get(unit[0]!.contact)!, tally, out);
    if (out.isFull) await out.flush();
  }
}

function writeUnit(unit: readonly Message[], contact: Contact, tally: Tally, out: Output): void {
  tally.wrote(unit, contact);
  for (const message of unit) out.add(`${JSON.stringify(message)}\n`);
}

function want(known: KnownWords, { index }: Compiled, reader: EntryReader, number: number): void {
  if (number < 0) return;
  for (const message of untimedOf(index, number)) known.want(reader.read(message));
}

/** A contact's dialogues, and single messages that belong to none. */
function* unitsOf(messages: Uint32Array, reader: EntryReader): Iterable<Entry[]> {
  let unit: Entry[] = [];
  for (const message of messages) {
    const entry = reader.read(message);
    const last = unit[0];
    const goesOn =
      last && entry.session !== null && entry.session === last.session && entry.origin === last.origin;
    if (last && !goesOn) {
      yield unit;
      unit = [];
    }
    unit.push(entry);
  }
  if (unit.length > 0) yield unit;
}

function timedOf({ order, bounds }: MessageIndex, contact: number): Uint32Array {
  return order.subarray(bounds[2 * contact], bounds[2 * contact + 1]);
}

function untimedOf({ order, bounds }: MessageIndex, contact: number): Uint32Array {
  return order.subarray(bounds[2 * contact + 1], bounds[2 * contact + 2]);
}

/** Reads spooled messages by number. */
class EntryReader {
  readonly segments: SegmentFinder;
  #compiled: Compiled;
  #lines: LineReader;
  #origins: Origin[];

  constructor(compiled: Compiled) {
    const { files, index } = compiled;
    this.#compiled = compiled;
    this.segments = new SegmentFinder(index.starts);
    this.#lines = new LineReader(files.map(({ segment }) => segment));
    this.#origins = files.map(({ source, segment: { tail } }, segment) => {
      return { segment, source, coarse: tail.coarse, until: tail.until };
    });
  }

  read(message: number): Entry {
    const { files, index, owner } = this.#compiled;
    const segment = this.segments.of(message);
    const line = this.#lines.read(segment, index.at[message]!);
    const speaker = speakerOf(line);
    const by = files[segment]!.segment.tail.speakers[speaker]!;
    return parseLine(line, by, owner.is(segment, speaker), this.#origins[segment]!);
  }

  close(): void {
    this.#lines.close();
  }
}
