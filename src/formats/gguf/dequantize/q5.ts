import { scaleAt } from "./scale.js";

/**
 * Q5_0: 32 values in 22 bytes: a scale d, a 32-bit word of fifth bits, 4 low bits each; value = d · (q − 16).
 *
 * @source ggml `block_q5_0`
 */
export function dequantizeQ5_0(blocks: Uint8Array, values: Float32Array): void {
  for (let block = 0, out = 0; block < blocks.length; block += 22, out += 32) {
    const d = scaleAt(blocks, block);
    const high = wordAt(blocks, block + 2);
    for (let i = 0; i < 16; i += 1) {
      const byte = blocks[block + 6 + i]!;
      values[out + i] = d * (((byte & 15) | (((high >>> i) & 1) << 4)) - 16);
      values[out + 16 + i] = d * (((byte >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16);
    }
  }
}

/**
 * Q5_1: 32 values in 24 bytes: a scale d, a smallest value m, the fifth bits, 4 low bits each; value = d · q + m.
 *
 * @source ggml `block_q5_1`
 */
export function dequantizeQ5_1(blocks: Uint8Array, values: Float32Array): void {
  for (let block = 0, out = 0; block < blocks.length; block += 24, out += 32) {
    const d = scaleAt(blocks, block);
    const m = scaleAt(blocks, block + 2);
    const high = wordAt(blocks, block + 4);
    for (let i = 0; i < 16; i += 1) {
      const byte = blocks[block + 8 + i]!;
      values[out + i] = d * ((byte & 15) | (((high >>> i) & 1) << 4)) + m;
      values[out + 16 + i] = d * ((byte >> 4) | (((high >>> (i + 16)) & 1) << 4)) + m;
    }
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
