import { MalformedInput, Unsupported } from "../errors.js";
import { float16Value, float32ToFloat16 } from "./half.js";
import type { Rows, TensorSource } from "./tensors.js";

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
  if (source.tensors.get(place.tensor)?.type !== "F16") {
    return float16Bytes(await source.readFloat32(place.tensor, rows), place);
  }
  const bytes = await source.readBytes(place.tensor, rows);
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const at = firstNotFinite(bits);
  return at === -1 ? bytes : refuse(float16Value(bits[at]!), place);
}

/** Where the first infinity or NaN is; -1 for nowhere. A plain loop: `findIndex` takes five times as long. */
function firstNotFinite(bits: Uint16Array): number {
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
