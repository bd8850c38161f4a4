import { scaleAt } from "./scale.js";

/**
 * Q6_K: 256 values in 210 bytes: 4 low bits each (128 bytes), 2 high bits each (64 bytes), a signed byte as scale for
 * every 16 values, a scale d; value = d · scale · (q − 32). A half of 128 values is stored as four runs of 32 side by
 * side.
 *
 * @source ggml `block_q6_K`
 */
export function dequantizeQ6K(blocks: Uint8Array, values: Float32Array): void {
  const signed = new Int8Array(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let block = 0, out = 0; block < blocks.length; block += 210) {
    const d = scaleAt(blocks, block + 208);
    for (let half = 0; half < 2; half += 1, out += 128) {
      const low = block + 64 * half;
      const high = block + 128 + 32 * half;
      const scales = block + 192 + 8 * half;
      for (let i = 0; i < 32; i += 1) {
        const scale = scales + (i >> 4);
        const first = blocks[low + i]!;
        const second = blocks[low + 32 + i]!;
        const bits = blocks[high + i]!;
        values[out + i] = d * signed[scale]! * (((first & 15) | ((bits & 3) << 4)) - 32);
        values[out + 32 + i] = d * signed[scale + 2]! * (((second & 15) | (((bits >> 2) & 3) << 4)) - 32);
        values[out + 64 + i] = d * signed[scale + 4]! * (((first >> 4) | (((bits >> 4) & 3) << 4)) - 32);
        values[out + 96 + i] = d * signed[scale + 6]! * (((second >> 4) | ((bits >> 6) << 4)) - 32);
      }
    }
  }
}
