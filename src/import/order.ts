import type { Pointers } from "./pointed.js";
import { readEntries, type Segment } from "./spool/read-segment.js";
import { ENTRY_NUMBERS, UNTIMED } from "./spool/segment.js";

/** Every spooled message in 16 bytes: when it was, where its line starts, and its place in the order. */
export type MessageIndex = {
  time: Uint32Array;
  at: Float64Array;
  /** The first message of each segment, and behind the last one the number of all. */
  starts: number[];
  /** Message numbers by contact; of each contact first those with a time, then the others, each in order of file. */
  order: Uint32Array;
  /** Where contact c's timed messages start in `order` (2c), and its others (2c + 1); the number of all at the end. */
  bounds: Uint32Array;
};

/** Reads the entries of all segments, and hands on the hashes of what messages point to. */
export function loadIndex(
  segments: readonly Segment[],
  contacts: number,
  contactOf: (segment: number, speaker: number) => number,
  point: (pointers: Pointers) => void,
): MessageIndex {
  const size = segments.reduce((sum, { tail }) => sum + tail.messages, 0);
  const contact = new Uint32Array(size);
  const time = new Uint32Array(size);
  const at = new Float64Array(size);
  const starts = [0];
  const bounds = new Uint32Array(2 * contacts + 1);
  let message = 0;
  for (const [number, segment] of segments.entries()) {
    const contactOfSpeaker = segment.tail.speakers.map((_, speaker) => contactOf(number, speaker));
    for (const { block, entries, pointers } of readEntries(segment)) {
      let start = block.at;
      for (let entry = 0; entry < entries.length; entry += ENTRY_NUMBERS) {
        const whose = contactOfSpeaker[entries[entry]!]!;
        const when = entries[entry + 1]!;
        contact[message] = whose;
        time[message] = when;
        at[message] = start;
        bounds[2 * whose + Number(when === UNTIMED)]! += 1;
        start += entries[entry + 2]!;
        message += 1;
      }
      point(pointers);
    }
    starts.push(message);
  }
  return { time, at, starts, bounds, order: countingSort(contact, time, bounds) };
}

/** Turns counts by place into starts, and gives the messages in order of place, otherwise as they come. */
function countingSort(contact: Uint32Array, time: Uint32Array, bounds: Uint32Array): Uint32Array {
  let sum = 0;
  for (let place = 0; place < bounds.length; place += 1) {
    const count = bounds[place]!;
    bounds[place] = sum;
    sum += count;
  }
  const next = bounds.slice();
  const order = new Uint32Array(contact.length);
  for (let message = 0; message < contact.length; message += 1) {
    const place = 2 * contact[message]! + Number(time[message] === UNTIMED);
    order[next[place]!] = message;
    next[place]! += 1;
  }
  return order;
}

/** Which segment a message is in; quick where it is the one asked for last. */
export class SegmentFinder {
  #starts: number[];
  #last = 0;

  constructor(starts: number[]) {
    this.#starts = starts;
  }

  of(message: number): number {
    const starts = this.#starts;
    if (message >= starts[this.#last]! && message < starts[this.#last + 1]!) return this.#last;
    let low = 0;
    let high = starts.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= message) low = middle;
      else high = middle;
    }
    this.#last = low;
    return low;
  }
}
