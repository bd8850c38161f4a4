import { writeAtomic } from "../../files.js";
import { elementCount } from "../plain.js";
import { writeBehind } from "../write-behind.js";
import { type TensorBytes, writeTensor } from "../tensor-stream.js";
import type { TensorInfo } from "../tensors.js";
import { type GgufMetadata, type GgufNumberType, type GgufValue, VALUE_TYPE_IDS } from "./metadata.js";
import { NUMBERS } from "./numbers.js";
import { TENSOR_TYPES } from "./tensor-types.js";

const ALIGNMENT = 32;

/**
 * Writes a GGUF file, version 3, in one pass, at most one tensor in memory, under its own name only when whole.
 *
 * @param stage the stage word, for errors
 * @param metadata without `general.alignment`: the default of 32 is used
 * @param tensors all of them, in the order in which they are stored; shapes slowest first
 * @param next the stored bytes of a tensor; asked once for each, in order; a piece must stay as it is until three more
 *   have been asked for
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 * @throws {TypeError} `next` gave another number of bytes than the shape needs
 * @source GGUF specification, version 3
 */
export async function writeGguf<Tensor extends TensorInfo>(
  path: string,
  stage: string,
  metadata: GgufMetadata,
  tensors: readonly Tensor[],
  next: (tensor: Tensor) => TensorBytes,
): Promise<void> {
  let offset = 0;
  const infos: Buffer[] = [];
  for (const tensor of tensors) {
    infos.push(
      text(tensor.name),
      number("uint32", tensor.shape.length),
      ...tensor.shape.toReversed().map((length) => number("uint64", length)),
      number("uint32", TENSOR_TYPES.get(tensor.type)!.id),
      number("uint64", offset),
    );
    offset = align(offset + storedBytes(tensor));
  }
  const header = Buffer.concat([
    Buffer.from("GGUF"),
    number("uint32", 3),
    number("uint64", tensors.length),
    number("uint64", metadata.size),
    ...[...metadata].flatMap(([key, value]) => [text(key), ...encode(value)]),
    ...infos,
  ]);
  await writeAtomic(path, stage, async (file) => {
    const sink = writeBehind(file);
    await sink.write(header);
    await sink.write(new Uint8Array(align(header.length) - header.length));
    for (const tensor of tensors) {
      const bytes = storedBytes(tensor);
      await writeTensor(sink, tensor.name, bytes, next(tensor));
      if (align(bytes) !== bytes) await sink.write(new Uint8Array(align(bytes) - bytes));
    }
    await sink.finish();
  });
}

function align(position: number): number {
  return Math.ceil(position / ALIGNMENT) * ALIGNMENT;
}

function storedBytes({ shape, type }: TensorInfo): number {
  const { blockValues, blockBytes } = TENSOR_TYPES.get(type)!;
  return (elementCount(shape) / blockValues) * blockBytes;
}

function encode(value: GgufValue): Buffer[] {
  const id = number("uint32", VALUE_TYPE_IDS[value.type]);
  if (value.type === "bool") return [id, number("uint8", Number(value.value))];
  if (value.type === "string") return [id, text(value.value)];
  if (value.type !== "array") return [id, number(value.type, value.value)];
  const head = [id, number("uint32", VALUE_TYPE_IDS[value.of]), number("uint64", value.value.length)];
  if (value.of === "string") return [...head, texts(value.value)];
  if (value.of === "bool") return [...head, Buffer.from(value.value)];
  return [...head, numbers(value.of, value.value)];
}

/** In one piece: a vocabulary has hundreds of thousands, and as many buffers take half a second. */
function texts(values: readonly string[]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, value) => sum + 8 + Buffer.byteLength(value), 0));
  let at = 0;
  for (const value of values) {
    const length = bytes.write(value, at + 8);
    at = bytes.writeUInt32LE(length, at) + 4 + length;
  }
  return bytes;
}

/** In one piece as well. */
function numbers(type: GgufNumberType, values: ArrayLike<number>): Buffer {
  const { bytes: each, write } = NUMBERS[type];
  const bytes = Buffer.alloc(values.length * each);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < values.length; index += 1) write(view, index * each, values[index]!);
  return bytes;
}

function text(value: string): Buffer {
  return texts([value]);
}

function number(type: GgufNumberType, value: number): Buffer {
  return numbers(type, [value]);
}
