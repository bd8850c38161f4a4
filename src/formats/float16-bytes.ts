import { MalformedInput, Unsupported } from "../errors.js";
import { float16Value, float32ToFloat16 } from "./half.js";
import type { Rows, TensorSource } from "./tensors.js";

/**
 * Rows of a tensor as stored float16, refused where that type cannot hold them.
 *
 * @param file and @param stage for errors
 * @throws {Unsupported} a value is beyond the range of float16
 * @throws {MalformedInput} a value is not a finite number
 */
export async function readFloat16Bytes(
  source: TensorSource,
  name: string,
  rows: Rows,
  file: string,
  stage: string,
): Promise<Uint8Array> {
  const refuse = (value: number): never => {
    const holds = `${stage} ${file}: tensor "${name}" holds ${value.toPrecision(4)}`;
    const place = { stage, path: file };
    if (!Number.isFinite(value)) {
      throw new MalformedInput(`${holds} instead of a finite number. Train or fetch the model again.`, place);
    }
    throw new Unsupported(`${holds}, more than float16 holds (65504). Choose another base model.`, place);
  };
  if (source.tensors.get(name)?.type === "F16") {
    const bytes = await source.readBytes(name, rows);
    const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const at = firstNotFinite(bits);
    return at === -1 ? bytes : refuse(float16Value(bits[at]!));
  }
  const values = await source.readFloat32(name, rows);
  const bits = float32ToFloat16(values);
  const at = firstNotFinite(bits);
  return at === -1 ? new Uint8Array(bits.buffer) : refuse(values[at]!);
}

/** Where the first infinity or NaN is; -1 for nowhere. A plain loop: `findIndex` takes five times as long. */
function firstNotFinite(bits: Uint16Array): number {
  for (let at = 0; at < bits.length; at += 1) if ((bits[at]! & 0x7c00) === 0x7c00) return at;
  return -1;
}
