import type { MessageIndex, SegmentFinder } from "./order.js";

/** Messages of one file in its order. */
type Run = { segment: number; from: number; to: number; first: number; last: number; falling: boolean };

/**
 * Orders a contact's timed messages by time, in place. Equal times keep the order of their file; a file that gives the
 * newest first is turned round. Of several files the one that starts earlier comes first, so that a chat exported in two
 * parts has the order that it has in one.
 *
 * @param messages numbers of messages, in order of file
 * @returns the rank of each segment among them
 */
export function sortTimed(
  messages: Uint32Array,
  { time }: MessageIndex,
  segments: SegmentFinder,
): Map<number, number> {
  const runs = runsOf(messages, time, segments);
  const inOrder = runs.length === 1 && !runs[0]!.falling ? messages : joined(messages, runs);
  if (inOrder !== messages) messages.set(inOrder);
  if (!isSorted(messages, time)) sort(messages, time);
  return new Map(runs.map(({ segment }, rank) => [segment, rank]));
}

function runsOf(messages: Uint32Array, time: Uint32Array, segments: SegmentFinder): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < messages.length;) {
    const segment = segments.of(messages[from]!);
    let to = from;
    let [first, last, balance] = [Infinity, -Infinity, 0];
    let before = time[messages[from]!]!;
    for (; to < messages.length && segments.of(messages[to]!) === segment; to += 1) {
      const now = time[messages[to]!]!;
      first = Math.min(first, now);
      last = Math.max(last, now);
      balance += Math.sign(now - before);
      before = now;
    }
    runs.push({ segment, from, to, first, last, falling: balance < 0 });
    from = to;
  }
  return runs.sort((a, b) => a.first - b.first || a.last - b.last || a.segment - b.segment);
}

function joined(messages: Uint32Array, runs: readonly Run[]): Uint32Array {
  const result = new Uint32Array(messages.length);
  let end = 0;
  for (const { from, to, falling } of runs) {
    const run = messages.slice(from, to);
    result.set(falling ? run.reverse() : run, end);
    end += run.length;
  }
  return result;
}

function isSorted(messages: Uint32Array, time: Uint32Array): boolean {
  for (let at = 1; at < messages.length; at += 1) {
    if (time[messages[at]!]! < time[messages[at - 1]!]!) return false;
  }
  return true;
}

/** Sorts by (time, place) as one 64-bit number, which needs neither a comparison function nor objects. */
function sort(messages: Uint32Array, time: Uint32Array): void {
  const keys = new BigUint64Array(messages.length);
  const halves = new Uint32Array(keys.buffer);
  for (let at = 0; at < messages.length; at += 1) {
    halves[2 * at + LOW] = at;
    halves[2 * at + HIGH] = time[messages[at]!]!;
  }
  keys.sort();
  const before = messages.slice();
  for (let at = 0; at < messages.length; at += 1) messages[at] = before[halves[2 * at + LOW]!]!;
}

/** Where the halves of a 64-bit number lie on this machine. */
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;
