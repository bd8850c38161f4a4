import type { Random } from "../../src/random.js";

/** Lengths and counts at the borders of the number types that readers compute with. */
export const HOSTILE_COUNTS: readonly bigint[] = [
  0n,
  1n,
  7n,
  8n,
  2n ** 16n,
  2n ** 24n,
  2n ** 28n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** A whole number from 0 to below `end`. */
export function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** One of the items. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[below(random, items.length)]!;
}

/** The same bytes with 1 to 8 bits turned over between two positions. */
export function flipBits(bytes: Buffer, random: Random, from: number, to: number): Buffer {
  const flipped = Buffer.from(bytes);
  if (to <= from) return flipped;
  for (let count = 1 + below(random, 8); count > 0; count -= 1) {
    const at = from + below(random, to - from);
    flipped[at] = flipped[at]! ^ (1 << below(random, 8));
  }
  return flipped;
}

/** The beginning of the bytes, up to a border of their structure or one byte beside it. */
export function cutAt(bytes: Buffer, random: Random, borders: readonly number[]): Buffer {
  const at = pick(random, borders) + pick(random, [-1, 0, 0, 1]);
  return bytes.subarray(0, Math.max(0, Math.min(bytes.length - 1, at)));
}

/** The same bytes with a 64-bit number replaced. */
export function putUint64(bytes: Buffer, at: number, value: bigint): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(value, at);
  return changed;
}

/** The same bytes with a 32-bit number replaced. */
export function putUint32(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(value, at);
  return changed;
}
