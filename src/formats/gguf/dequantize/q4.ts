import { scaleAt } from "./scale.js";

/**
 * Q4_0: 32 values in 18 bytes: a scale d and 4 bits each; value = d · (q − 8).
 * The low halves of the 16 bytes are the first 16 values, the high halves the others.
 *
 * @source ggml `block_q4_0`
 */
export function dequantizeQ4_0(blocks: Uint8Array, values: Float32Array): void {
  for (let block = 0, out = 0; block < blocks.length; block += 18, out += 32) {
    const d = scaleAt(blocks, block);
    for (let i = 0; i < 16; i += 1) {
      const byte = blocks[block + 2 + i]!;
      values[out + i] = d * ((byte & 15) - 8);
      values[out + 16 + i] = d * ((byte >> 4) - 8);
    }
  }
}

/**
 * Q4_1: 32 values in 20 bytes: a scale d, a smallest value m and 4 bits each; value = d · q + m.
 *
 * @source ggml `block_q4_1`
 */
export function dequantizeQ4_1(blocks: Uint8Array, values: Float32Array): void {
  for (let block = 0, out = 0; block < blocks.length; block += 20, out += 32) {
    const d = scaleAt(blocks, block);
    const m = scaleAt(blocks, block + 2);
    for (let i = 0; i < 16; i += 1) {
      const byte = blocks[block + 4 + i]!;
      values[out + i] = d * (byte & 15) + m;
      values[out + 16 + i] = d * (byte >> 4) + m;
    }
  }
}
