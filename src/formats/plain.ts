import type { PlainType } from "./tensors.js";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./half.js";

/** Bytes of one element. */
export const PLAIN_BYTES: Readonly<Record<PlainType, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Whether a type is stored element by element, so that `toFloat32` reads it. */
export function isPlain(type: string): type is PlainType {
  return type in PLAIN_BYTES;
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Stored little-endian bytes as float32; for F32 a view of the same memory.
 *
 * @param bytes start on a multiple of the element's size in their buffer
 */
export function toFloat32(bytes: Uint8Array, type: PlainType): Float32Array {
  if (type === "F32") return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return type === "F16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);
}

/** Float32 values as little-endian bytes of another type, rounded to nearest even; for F32 the same memory. */
export function fromFloat32(values: Float32Array, type: PlainType): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array((type === "F16" ? float32ToFloat16(values) : float32ToBfloat16(values)).buffer);
}
