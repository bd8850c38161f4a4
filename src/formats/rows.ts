import { elementCount } from "./plain.js";
import type { Rows } from "./tensors.js";

/** How many values a batch of rows holds at most: 8 MiB as float32. Larger batches are no faster. */
const BATCH_VALUES = 1 << 21;

/**
 * Cuts a tensor into batches of rows, so that a large one is never in memory as a whole.
 *
 * @param multiple every batch but the last has a multiple of this many rows
 * @param values at most in a batch, where so few hold one such multiple
 */
export function* rowBatches(shape: readonly number[], multiple = 1, values = BATCH_VALUES): Iterable<Rows> {
  // A tensor without elements may be endless along its first axis.
  if (elementCount(shape) === 0) return;
  const total = shape[0] ?? 1;
  const groupValues = elementCount(shape.slice(1)) * multiple;
  const count = Math.max(1, Math.floor(values / groupValues)) * multiple;
  for (let first = 0; first < total; first += count) yield { first, count: Math.min(count, total - first) };
}

/**
 * Where rows lie inside a tensor's bytes.
 *
 * @param lengthBytes of the whole tensor
 * @param rows undefined for all of them
 */
export function rowBytes(
  shape: readonly number[],
  lengthBytes: number,
  rows: Rows | undefined,
): { offset: number; length: number } {
  const total = shape[0] ?? 1;
  if (!rows || (rows.first === 0 && rows.count === total)) return { offset: 0, length: lengthBytes };
  const each = lengthBytes / total;
  if (rows.first + rows.count > total || !Number.isInteger(each)) {
    throw new TypeError(
      `internal: rows ${rows.first} to ${rows.first + rows.count} of ${total}, ${each} bytes each`,
    );
  }
  return { offset: rows.first * each, length: rows.count * each };
}
