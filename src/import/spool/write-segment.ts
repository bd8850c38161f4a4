import { type Sink, writeAtomic } from "../../files.js";
import type { Pace } from "../pace.js";
import type { Found } from "../sources/source.js";
import { normalise } from "../entry.js";
import { hashText } from "./hash-text.js";
import { formatLine } from "./line.js";
import { type Block, ENTRY_NUMBERS, type Tail, UNTIMED } from "./segment.js";
import { Speakers } from "./speakers.js";

const LISTED_PROBLEMS = 20;
const BLOCK_BYTES = 1 << 20;
const BLOCK_MESSAGES = 1 << 15;
/** Most files are small: what they do not need is not allocated. */
const FIRST_BYTES = 1 << 13;
const FIRST_MESSAGES = 1 << 6;
/** A UTF-16 code unit takes no more than three bytes in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/** What a segment is made with, beside what the source finds. */
export type SegmentOptions = {
  named: Tail["named"];
  pace: Pace;
  /** The problem that stands for an error of the source; may throw it. */
  failed: (error: unknown) => Found;
  /** The files that were looked for; asked when the file has been read. */
  looked: () => Promise<Tail["looked"]>;
};

/** Writes what a source finds in a file as a segment, and returns its tail. */
export async function writeSegment(
  path: string,
  found: AsyncIterable<Found>,
  { named, pace, failed, looked }: SegmentOptions,
): Promise<Tail> {
  let tail: Tail | undefined;
  const fill = async (sink: Sink): Promise<void> => {
    const writer = new SegmentWriter(sink);
    // What goes wrong while writing is not about the file that is read.
    let writing = false;
    try {
      for await (const one of found) {
        if (!writer.add(one)) continue;
        writing = true;
        await writer.flush();
        writing = false;
        pace.messages(writer.messages);
      }
    } catch (error) {
      if (writing) throw error;
      writer.add(failed(error));
    }
    await writer.flush();
    tail = { ...writer.tail(), named, looked: await looked() };
    const bytes = Buffer.from(JSON.stringify(tail));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    await sink.write(Buffer.concat([bytes, length]));
  };
  await writeAtomic(path, "import", fill, { lasting: false });
  return tail!;
}

class SegmentWriter {
  #sink: Sink;
  #lines = Buffer.allocUnsafe(FIRST_BYTES);
  #bytes = 0;
  #entries = new Uint32Array(ENTRY_NUMBERS * FIRST_MESSAGES);
  #inBlock = 0;
  #ids: number[] = [];
  #texts: number[] = [];
  #at = 0;
  #blocks: Block[] = [];
  #speakers = new Speakers();
  #messages = 0;
  #until = 0;
  #coarse = true;
  #owners: string[] = [];
  #problems: Tail["problems"] = [];
  #problemCount = 0;
  #notes: string[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Takes up what was found; true if the block has to be written before the next. */
  add(found: Found): boolean {
    if (found.kind === "owner") this.#owners.push(found.sender);
    else if (found.kind === "note") this.#notes.push(found.what);
    else if (found.kind === "problem") {
      this.#problemCount += 1;
      if (this.#problemCount <= LISTED_PROBLEMS)
        this.#problems.push({ place: found.place, what: found.what });
    } else {
      const { message } = found;
      const time = message.time === null || !Number.isFinite(message.time) ? null : Math.floor(message.time);
      const speaker = this.#speakers.add(message);
      const ordered =
        time === null || message.session !== null ? UNTIMED : Math.min(Math.max(time, 0), UNTIMED - 1);
      if (ordered !== UNTIMED) {
        if (ordered > this.#until) this.#until = ordered;
        if (ordered % 60 !== 0) this.#coarse = false;
      }
      this.#line(formatLine(message, speaker, time), speaker, ordered);
      if (message.replyTo) this.#ids.push(hashText(JSON.stringify(message.replyTo)));
      if (message.quoted) this.#texts.push(hashText(normalise(message.quoted)));
    }
    return this.#inBlock === BLOCK_MESSAGES || this.#bytes > BLOCK_BYTES >> 1;
  }

  #line(line: string, speaker: number, time: number): void {
    const most = line.length * MOST_BYTES_OF_UNIT;
    if (this.#lines.length - this.#bytes < most) {
      const larger = Buffer.allocUnsafe(2 * this.#lines.length + most);
      this.#lines.copy(larger, 0, 0, this.#bytes);
      this.#lines = larger;
    }
    const length = this.#lines.write(line, this.#bytes);
    const entry = ENTRY_NUMBERS * this.#inBlock;
    if (entry === this.#entries.length) {
      const larger = new Uint32Array(2 * entry);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[entry] = speaker;
    this.#entries[entry + 1] = time;
    this.#entries[entry + 2] = length;
    this.#bytes += length;
    this.#inBlock += 1;
    this.#messages += 1;
  }

  async flush(): Promise<void> {
    if (this.#inBlock === 0) return;
    const entries = this.#entries.subarray(0, ENTRY_NUMBERS * this.#inBlock);
    const ids = Uint32Array.from(this.#ids);
    const texts = Uint32Array.from(this.#texts);
    await this.#sink.write(this.#lines.subarray(0, this.#bytes));
    await this.#sink.write(bytesOf(entries));
    await this.#sink.write(bytesOf(ids));
    await this.#sink.write(bytesOf(texts));
    const counts = { messages: this.#inBlock, ids: ids.length, texts: texts.length };
    this.#blocks.push({ at: this.#at, bytes: this.#bytes, ...counts });
    this.#at += this.#bytes + entries.byteLength + ids.byteLength + texts.byteLength;
    this.#bytes = 0;
    this.#inBlock = 0;
    this.#ids = [];
    this.#texts = [];
  }

  tail(): Omit<Tail, "looked" | "named"> {
    return {
      conversations: this.#speakers.conversations,
      speakers: this.#speakers.list,
      blocks: this.#blocks,
      messages: this.#messages,
      until: this.#until,
      coarse: this.#coarse && this.#until > 0,
      owners: this.#owners,
      problems: this.#problems,
      problemCount: this.#problemCount,
      notes: this.#notes,
    };
  }
}

function bytesOf(numbers: Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
