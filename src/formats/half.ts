/**
 * The two 16-bit floating-point types of model files and float32, whole arrays at a time.
 * Values are held as their bit patterns (Uint16Array): Node 20 has no Float16Array.
 */

let halfValues: Float32Array | undefined;

/** The value of every float16 bit pattern: 65,536 entries, 256 KiB, made once. */
function float16Values(): Float32Array {
  if (halfValues) return halfValues;
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits += 1) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24;
    else if (exponent < 31) values[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25);
    else values[bits] = fraction === 0 ? sign * Infinity : NaN;
  }
  halfValues = values;
  return values;
}

/** Float16 bit patterns as float32; exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const table = float16Values();
  const values = new Float32Array(bits.length);
  for (let at = 0; at < bits.length; at += 1) values[at] = table[bits[at]!]!;
  return values;
}

/** One float16 bit pattern as a number; exact. */
export function float16Value(bits: number): number {
  return float16Values()[bits & 0xffff]!;
}

/**
 * Float32 values as float16 bit patterns, rounded to nearest, ties to even.
 * From 65520 up the result is infinity; every NaN becomes the quiet NaN 0x7e00 with its sign.
 *
 * @source IEEE 754-2019, binary16
 */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const magnitude = word & 0x7fffffff;
    let half: number;
    if (magnitude >= 0x38800000) {
      if (magnitude < 0x47800000) {
        // Rebias the exponent by 15 - 127, then round off 13 bits; a carry moves into the exponent, as it should.
        half = (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
      } else half = magnitude > 0x7f800000 ? 0x7e00 : 0x7c00;
    } else if (magnitude >= 0x33000000) {
      // A subnormal result counts units of 2^-24.
      const drop = 126 - (magnitude >>> 23);
      const fraction = (magnitude & 0x7fffff) | 0x800000;
      half = (fraction + (1 << (drop - 1)) - 1 + ((fraction >>> drop) & 1)) >>> drop;
    } else half = 0;
    bits[at] = ((word >>> 16) & 0x8000) | half;
  }
  return bits;
}

/** Bfloat16 bit patterns as float32; exact. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const words = new Uint32Array(values.buffer);
  for (let at = 0; at < bits.length; at += 1) words[at] = bits[at]! << 16;
  return values;
}

/** Float32 values as bfloat16 bit patterns, rounded to nearest, ties to even; NaN stays NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    bits[at] =
      (word & 0x7fffffff) > 0x7f800000 ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return bits;
}
