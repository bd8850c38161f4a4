import { writeAtomic } from "../../files.js";
import { elementCount, PLAIN_BYTES } from "../plain.js";
import { type TensorBytes, writeTensor } from "../tensor-stream.js";
import type { PlainType } from "../tensors.js";

/** A tensor to be written. */
export type PlainTensor = { name: string; shape: number[]; type: PlainType };

/**
 * Writes a safetensors file in one pass, at most one tensor in memory, under its own name only when whole.
 *
 * @param stage the stage word, for errors
 * @param tensors all of them, in the order in which they are stored
 * @param next the little-endian bytes of a tensor; asked once for each, in order
 * @param metadata texts to carry along; transformers wants to see `format: "pt"`
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 * @throws {TypeError} `next` gave another number of bytes than the shape needs
 */
export async function writeSafetensors<Tensor extends PlainTensor>(
  path: string,
  stage: string,
  tensors: readonly Tensor[],
  next: (tensor: Tensor) => TensorBytes,
  metadata: Record<string, string> = { format: "pt" },
): Promise<void> {
  let end = 0;
  const entries = tensors.map(({ name, shape, type }) => {
    const begin = end;
    end += elementCount(shape) * PLAIN_BYTES[type];
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  const text = Buffer.from(
    JSON.stringify(Object.fromEntries<unknown>([["__metadata__", metadata], ...entries])),
  );
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, " ");
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeAtomic(path, stage, async (sink) => {
    await sink.write(length);
    await sink.write(padded);
    for (const tensor of tensors) {
      const needed = elementCount(tensor.shape) * PLAIN_BYTES[tensor.type];
      await writeTensor(sink, tensor.name, needed, next(tensor));
    }
  });
}
