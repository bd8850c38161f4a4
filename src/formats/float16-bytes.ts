import { MalformedInput, Unsupported } from "../errors.js";
import { bfloat16ToFloat16 } from "./bfloat16-to-float16.js";
import { float32ToFloat16 } from "./half.js";
import { isPlain, toFloat32 } from "./plain.js";
import type { PlainType, Rows, TensorSource } from "./tensors.js";

/** Which tensor values belong to, for errors. */
export type TensorPlace = { stage: string; file: string; tensor: string };

/**
 * Values as stored float16, refused where that type cannot hold them.
 *
 * @throws {Unsupported} a value is beyond the range of float16
 * @throws {MalformedInput} a value is not a finite number
 */
export function float16Bytes(values: Float32Array, place: TensorPlace): Uint8Array {
  const bits = float32ToFloat16(values);
  const at = firstNotFinite(bits);
  return at === -1 ? new Uint8Array(bits.buffer) : refuse(values[at]!, place);
}

/** Rows of a tensor as stored float16; errors as `float16Bytes`. */
export async function readFloat16Bytes(
  source: TensorSource,
  rows: Rows,
  place: TensorPlace,
): Promise<Uint8Array> {
  const type = source.tensors.get(place.tensor)?.type;
  if (type === undefined || !isPlain(type)) {
    return float16Bytes(await source.readFloat32(place.tensor, rows), place);
  }
  return toFloat16Bytes(await source.readBytes(place.tensor, rows), type, place);
}

/**
 * Stored values of a plain type as stored float16, in the same memory but for F32; errors as `float16Bytes`.
 *
 * @param bytes start on a multiple of 4 in their buffer
 */
export function toFloat16Bytes(bytes: Uint8Array, type: PlainType, place: TensorPlace): Uint8Array {
  if (type === "F32") return float16Bytes(toFloat32(bytes, type), place);
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const at = type === "BF16" ? bfloat16ToFloat16(bits) : firstNotFinite(bits);
  return at === -1 ? bytes : refuse(toFloat32(bytes.subarray(2 * at, 2 * at + 2), type)[0]!, place);
}

/** Where the first infinity or NaN is; -1 for nowhere. A plain loop: `findIndex` takes five times as long. */
function firstNotFinite(bits: Uint16Array): number {
  if (allFinite(bits)) return -1;
  for (let at = 0; at < bits.length; at += 1) if ((bits[at]! & 0x7c00) === 0x7c00) return at;
  return -1;
}

function refuse(value: number, { stage, file, tensor }: TensorPlace): never {
  const holds = `${stage} ${file}: tensor "${tensor}" holds ${value.toPrecision(4)}`;
  const place = { stage, path: file };
  if (!Number.isFinite(value)) {
    throw new MalformedInput(`${holds} instead of a finite number. Train or fetch the model again.`, place);
  }
  throw new Unsupported(`${holds}, more than float16 holds (65504). Choose another base model.`, place);
}

/**
 * Two values at a time: adding one to an exponent of 31 carries into the place of the sign. Four pairs a round take half
 * as long as one.
 */
function allFinite(bits: Uint16Array): boolean {
  const pairs = new Int32Array(bits.buffer, bits.byteOffset, bits.length >> 1);
  let all = bits.length % 2 === 0 ? 0 : carried(bits.at(-1)!);
  let at = 0;
  for (; at + 4 <= pairs.length; at += 4) {
    all |= carried(pairs[at]!) | carried(pairs[at + 1]!) | carried(pairs[at + 2]!) | carried(pairs[at + 3]!);
  }
  for (; at < pairs.length; at += 1) all |= carried(pairs[at]!);
  return (all & 0x80008000) === 0;
}

function carried(pair: number): number {
  return (pair & 0x7fff7fff) + 0x04000400;
}
