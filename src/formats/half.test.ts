import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float16Value,
  float32ToBfloat16,
  float32ToFloat16,
} from "./half.js";

const everyPattern = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
const isNaN16 = (bits: number) => (bits & 0x7fff) > 0x7c00;
const one = (convert: (values: Float32Array) => Uint16Array, value: number) =>
  convert(Float32Array.of(value))[0]!;

test("every float16 survives the way to float32 and back", () => {
  const back = float32ToFloat16(float16ToFloat32(everyPattern));
  for (const bits of everyPattern) {
    if (isNaN16(bits)) assert.ok(isNaN16(back[bits]!));
    else assert.equal(back[bits], bits);
  }
});

test("every bfloat16 survives the way to float32 and back", () => {
  const back = float32ToBfloat16(bfloat16ToFloat32(everyPattern));
  for (const bits of everyPattern) {
    if ((bits & 0x7fff) > 0x7f80) assert.ok((back[bits]! & 0x7fff) > 0x7f80);
    else assert.equal(back[bits], bits);
  }
});

test("known float16 patterns", () => {
  const known: [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.0001, 0x0001],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -25, 0x0400],
    [1 / 3, 0x3555],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ];
  for (const [value, bits] of known) assert.equal(one(float32ToFloat16, value), bits, String(value));
});

test("rounding picks the nearest value, and the even one of two", () => {
  const codecs = [
    { to: float32ToFloat16, from: (bits: number) => float16Value(bits), max: 0x7bff },
    {
      to: float32ToBfloat16,
      from: (bits: number) => bfloat16ToFloat32(Uint16Array.of(bits))[0]!,
      max: 0x7f7f,
    },
  ];
  for (const { to, from, max } of codecs) {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true, max: from(max), min: -from(max) }),
        (value) => {
          const bits = one(to, value);
          const error = Math.abs(from(bits) - value);
          for (const other of [bits - 1, bits + 1]) {
            if ((other & 0x7fff) > max || (other ^ bits) & 0x8000) continue;
            const otherError = Math.abs(from(other) - value);
            assert.ok(error < otherError || (error === otherError && bits % 2 === 0), `${value}`);
          }
        },
      ),
      { numRuns: 3000 },
    );
  }
});
