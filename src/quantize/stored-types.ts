import type { GgufTensor } from "../formats/gguf/header.js";
import { elementCount } from "../formats/plain.js";

/** What a quantized file really holds. */
export type StoredTypes = {
  /** Of the weights, without metadata. */
  bitsPerWeight: number;
  /** How many tensors have each type. */
  counts: Record<string, number>;
  /** Matrices whose rows do not fill the blocks of the type that was asked for, and got another. */
  fellBack: { matrices: number; of: number; rowLengths: number[] };
  tensors: Record<string, string>;
};

/** Values in a block of the K types; a row has to be a multiple. */
const K_BLOCK = 256;

/** Counts the types of a file's tensors, and those that had to fall back because their rows have another length. */
export function storedTypes(tensors: Iterable<GgufTensor>, wantsKBlocks: boolean): StoredTypes {
  const counts: Record<string, number> = {};
  const types: Record<string, string> = {};
  const rowLengths = new Set<number>();
  let bytes = 0;
  let weights = 0;
  let matrices = 0;
  let fellBack = 0;
  for (const { name, type, shape, lengthBytes } of tensors) {
    types[name] = type;
    counts[type] = (counts[type] ?? 0) + 1;
    bytes += lengthBytes;
    weights += elementCount(shape);
    if (shape.length < 2) continue;
    matrices += 1;
    const rowLength = shape.at(-1)!;
    if (!wantsKBlocks || rowLength % K_BLOCK === 0) continue;
    fellBack += 1;
    rowLengths.add(rowLength);
  }
  return {
    bitsPerWeight: Math.round((bytes * 800) / weights) / 100,
    counts: Object.fromEntries(Object.entries(counts).toSorted(([, a], [, b]) => b - a)),
    fellBack: { matrices: fellBack, of: matrices, rowLengths: [...rowLengths].toSorted((a, b) => a - b) },
    tensors: types,
  };
}
