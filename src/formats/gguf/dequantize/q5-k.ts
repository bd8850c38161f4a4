import { unpackScales } from "./k-scales.js";
import { scaleAt } from "./scale.js";

/**
 * Q5_K: 256 values in 176 bytes: as Q4_K, with a fifth bit for each value: bit `group` of one of 32 bytes.
 *
 * @source ggml `block_q5_K`
 */
export function dequantizeQ5K(blocks: Uint8Array, values: Float32Array): void {
  const scales = new Uint8Array(8);
  const minima = new Uint8Array(8);
  for (let block = 0, out = 0; block < blocks.length; block += 176) {
    const d = scaleAt(blocks, block);
    const dmin = scaleAt(blocks, block + 2);
    unpackScales(blocks, block + 4, scales, minima);
    const high = block + 16;
    for (let group = 0, at = block + 48; group < 8; group += 2, at += 32, out += 64) {
      const lowScale = d * scales[group]!;
      const lowMinimum = dmin * minima[group]!;
      const highScale = d * scales[group + 1]!;
      const highMinimum = dmin * minima[group + 1]!;
      for (let i = 0; i < 32; i += 1) {
        const byte = blocks[at + i]!;
        const fifths = blocks[high + i]! >> group;
        values[out + i] = lowScale * ((byte & 15) | ((fifths & 1) << 4)) - lowMinimum;
        values[out + 32 + i] = highScale * ((byte >> 4) | ((fifths & 2) << 3)) - highMinimum;
      }
    }
  }
}
