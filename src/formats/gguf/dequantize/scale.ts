import { float16Value } from "../../half.js";

/** The float16 scale that stands at a place in a block. */
export function scaleAt(bytes: Uint8Array, at: number): number {
  return float16Value(bytes[at]! | (bytes[at + 1]! << 8));
}
