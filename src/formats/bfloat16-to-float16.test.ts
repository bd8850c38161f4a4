import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bfloat16ToFloat16 } from "./bfloat16-to-float16.js";
import { bfloat16ToFloat32, float32ToFloat16 } from "./half.js";

const slowly = (bits: Uint16Array) => float32ToFloat16(bfloat16ToFloat32(bits));
const isFinite16 = (half: number) => (half & 0x7c00) !== 0x7c00;
const patterns = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
const finite = patterns.filter((bits) => isFinite16(slowly(Uint16Array.of(bits))[0]!));

test("every pattern becomes what it becomes by way of float32, alone and among others", () => {
  const whole = Uint16Array.from(finite);
  assert.equal(bfloat16ToFloat16(whole), -1);
  assert.deepEqual(whole, slowly(finite));
  for (const bits of finite) {
    const one = Uint16Array.of(bits);
    assert.equal(bfloat16ToFloat16(one), -1);
    assert.equal(one[0], slowly(Uint16Array.of(bits))[0]);
  }
});

test("arrays of any length, wherever they begin, are converted whole and nothing beside them", () => {
  const length = fc.oneof(fc.nat(40), fc.integer({ min: 32_760, max: 32_780 }), fc.constant(100_003));
  fc.assert(
    fc.property(length, fc.nat(9), fc.nat(), (count, offset, seed) => {
      const memory = Uint16Array.from({ length: offset + count + 5 }, (_, at) => {
        return finite[(at * 7919 + seed) % finite.length]!;
      });
      const expected = memory.slice();
      expected.set(slowly(memory.slice(offset, offset + count)), offset);
      assert.equal(bfloat16ToFloat16(memory.subarray(offset, offset + count)), -1);
      assert.deepEqual(memory, expected);
    }),
    { numRuns: 40 },
  );
});

test("the first value that float16 cannot hold is found and left as it was", () => {
  // 65536, infinity, NaN, and -1e38
  for (const bad of [0x4780, 0x7f80, 0x7fc0, 0xfe96]) {
    for (const at of [0, 3, 8, 32_767, 32_768, 40_000]) {
      const bits = new Uint16Array(40_001).fill(0x3f80);
      bits[at] = bad;
      if (at + 2 < bits.length) bits[at + 2] = 0x7f80;
      assert.equal(bfloat16ToFloat16(bits), at);
      assert.equal(bits[at], bad);
    }
  }
});
