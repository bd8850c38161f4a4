import { scaleAt } from "./scale.js";

/**
 * Q8_0: 32 values in 34 bytes: a scale d and a signed byte each; value = d · q.
 *
 * @source ggml `block_q8_0`
 */
export function dequantizeQ8_0(blocks: Uint8Array, values: Float32Array): void {
  const signed = new Int8Array(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let block = 0, out = 0; block < blocks.length; block += 34, out += 32) {
    const d = scaleAt(blocks, block);
    for (let i = 0; i < 32; i += 1) values[out + i] = d * signed[block + 2 + i]!;
  }
}
