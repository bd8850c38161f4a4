import { closeSync, openSync, readSync } from "node:fs";
import type { Segment } from "./read-segment.js";

/** How many segments are open at once; systems allow 256 and more. */
const OPEN_FILES = 64;
const LINE_END = 10;
const LARGE = 1 << 18;
const SMALL = 1 << 12;

type Window = { file: number; bytes: Buffer; start: number; end: number };

/** Reads lines of segments by their place, quickest in their order. */
export class LineReader {
  #segments: readonly Segment[];
  /** The one used last is the last. */
  #open = new Map<number, Window>();

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  /** The line that starts at a byte of a segment, without its end. */
  read(segment: number, at: number): string {
    const window = this.#window(segment);
    if (at < window.start || at >= window.end) {
      // On in the file: much at once. Elsewhere: most likely one line only.
      const near = at >= window.end && at - window.end < LARGE;
      fill(window, at, near ? LARGE : SMALL);
    }
    let end = window.bytes.indexOf(LINE_END, at - window.start);
    for (let size = LARGE; end === -1 || end >= window.end - window.start; size *= 4) {
      fill(window, at, size);
      end = window.bytes.indexOf(LINE_END);
      if (end === -1 && window.end - window.start < size) throw new RangeError("a line has no end");
    }
    return window.bytes.toString("utf8", at - window.start, end);
  }

  close(): void {
    for (const { file } of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #window(segment: number): Window {
    const known = this.#open.get(segment);
    if (known && this.#open.size === 1) return known;
    this.#open.delete(segment);
    const window = known ?? this.#opened(segment);
    this.#open.set(segment, window);
    return window;
  }

  #opened(segment: number): Window {
    let bytes: Buffer = Buffer.alloc(0);
    if (this.#open.size >= OPEN_FILES) {
      const [oldest, window] = this.#open.entries().next().value!;
      closeSync(window.file);
      this.#open.delete(oldest);
      bytes = window.bytes;
    }
    return { file: openSync(this.#segments[segment]!.path, "r"), bytes, start: 0, end: 0 };
  }
}

function fill(window: Window, at: number, size: number): void {
  if (window.bytes.length < size) window.bytes = Buffer.allocUnsafe(size);
  window.start = at;
  window.end = at + readSync(window.file, window.bytes, 0, size, at);
}
