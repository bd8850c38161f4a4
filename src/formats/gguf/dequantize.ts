import { type Place, Unsupported } from "../../errors.js";
import { isPlain, toFloat32 } from "../plain.js";
import { dequantizeQ4K } from "./dequantize/q4-k.js";
import { dequantizeQ4_0, dequantizeQ4_1 } from "./dequantize/q4.js";
import { dequantizeQ5K } from "./dequantize/q5-k.js";
import { dequantizeQ5_0, dequantizeQ5_1 } from "./dequantize/q5.js";
import { dequantizeQ6K } from "./dequantize/q6-k.js";
import { dequantizeQ8_0 } from "./dequantize/q8.js";
import { TENSOR_TYPES } from "./tensor-types.js";

/** Unpacks whole blocks into as many values. */
type Dequantize = (blocks: Uint8Array, values: Float32Array) => void;

const QUANTIZED: Readonly<Record<string, Dequantize>> = {
  Q4_0: dequantizeQ4_0,
  Q4_1: dequantizeQ4_1,
  Q5_0: dequantizeQ5_0,
  Q5_1: dequantizeQ5_1,
  Q8_0: dequantizeQ8_0,
  Q4_K: dequantizeQ4K,
  Q5_K: dequantizeQ5K,
  Q6_K: dequantizeQ6K,
};

/**
 * Stored values of any supported type as float32; bit for bit what llama.cpp's reference functions give.
 *
 * @param bytes whole blocks, starting on a multiple of 8 in their buffer
 * @throws {Unsupported} a type that is not dequantized here
 */
export function dequantize(bytes: Uint8Array, type: string, place: Place): Float32Array {
  if (isPlain(type)) return toFloat32(bytes, type);
  const unpack = QUANTIZED[type];
  if (!unpack) {
    const known = ["F32", "F16", "BF16", ...Object.keys(QUANTIZED)].join(", ");
    throw new Unsupported(
      `${place.stage} ${place.path}: tensors of type ${type} are not read (${known} are). Fetch the model in one of these.`,
      place,
    );
  }
  const { blockValues, blockBytes } = TENSOR_TYPES.get(type)!;
  const values = new Float32Array((bytes.byteLength / blockBytes) * blockValues);
  unpack(bytes, values);
  return values;
}
