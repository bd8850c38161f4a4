/**
 * The eight 6-bit scales and eight 6-bit minima that Q4_K and Q5_K pack into 12 bytes.
 *
 * @param at where the 12 bytes begin
 * @param scales 8 numbers from 0 to 63, filled
 * @param minima 8 numbers from 0 to 63, filled
 * @source ggml `get_scale_min_k4`
 */
export function unpackScales(bytes: Uint8Array, at: number, scales: Uint8Array, minima: Uint8Array): void {
  for (let i = 0; i < 4; i += 1) {
    const first = bytes[at + i]!;
    const second = bytes[at + 4 + i]!;
    const third = bytes[at + 8 + i]!;
    scales[i] = first & 63;
    minima[i] = second & 63;
    scales[i + 4] = (third & 15) | ((first >> 6) << 4);
    minima[i + 4] = (third >> 4) | ((second >> 6) << 4);
  }
}
