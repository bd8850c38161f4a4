import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Pointers } from "../pointed.js";
import { ENTRY_NUMBERS, type Block, type Tail } from "./segment.js";

/** A spooled file. */
export type Segment = { path: string; tail: Tail };

/** The tail of a segment; undefined if there is no such segment, or it is damaged. */
export function readTail(path: string): Tail | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const length = readBytes(file, size - 4, 4).readUInt32LE();
    // Written by ourselves: whole, or not of this form at all.
    return JSON.parse(readBytes(file, size - 4 - length, length).toString()) as Tail;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The numbers behind the lines of each block: of every message, and the hashes of what messages point to. */
export function* readEntries(
  segment: Segment,
): Iterable<{ block: Block; entries: Uint32Array; pointers: Pointers }> {
  const file = openSync(segment.path, "r");
  try {
    for (const block of segment.tail.blocks) {
      const end = block.at + block.bytes;
      const entries = new Uint32Array(ENTRY_NUMBERS * block.messages);
      const ids = new Uint32Array(block.ids);
      const texts = new Uint32Array(block.texts);
      readInto(file, end, entries);
      readInto(file, end + entries.byteLength, ids);
      readInto(file, end + entries.byteLength + ids.byteLength, texts);
      yield { block, entries, pointers: { ids, texts } };
    }
  } finally {
    closeSync(file);
  }
}

function readBytes(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readInto(file, at, bytes);
  return bytes;
}

function readInto(file: number, at: number, target: Uint8Array | Uint32Array): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  for (let done = 0; done < bytes.length;) {
    const count = readSync(file, bytes, done, bytes.length - done, at + done);
    if (count === 0) throw new RangeError("the segment is shorter than it says");
    done += count;
  }
}
