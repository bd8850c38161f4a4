import { unpackScales } from "./k-scales.js";
import { scaleAt } from "./scale.js";

/**
 * Q4_K: 256 values in 144 bytes: two scales d and dmin, eight 6-bit scales and minima for groups of 32, 4 bits each;
 * value = d · scale · q − dmin · minimum. Two neighbouring groups share 32 bytes, low halves first.
 *
 * @source ggml `block_q4_K`
 */
export function dequantizeQ4K(blocks: Uint8Array, values: Float32Array): void {
  const scales = new Uint8Array(8);
  const minima = new Uint8Array(8);
  for (let block = 0, out = 0; block < blocks.length; block += 144) {
    const d = scaleAt(blocks, block);
    const dmin = scaleAt(blocks, block + 2);
    unpackScales(blocks, block + 4, scales, minima);
    for (let group = 0, at = block + 16; group < 8; group += 2, at += 32, out += 64) {
      const lowScale = d * scales[group]!;
      const lowMinimum = dmin * minima[group]!;
      const highScale = d * scales[group + 1]!;
      const highMinimum = dmin * minima[group + 1]!;
      for (let i = 0; i < 32; i += 1) {
        const byte = blocks[at + i]!;
        values[out + i] = lowScale * (byte & 15) - lowMinimum;
        values[out + 32 + i] = highScale * (byte >> 4) - highMinimum;
      }
    }
  }
}
