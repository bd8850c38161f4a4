import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedInput, Unsupported } from "../errors.js";
import { toFloat16Bytes } from "./float16-bytes.js";
import { fromFloat32, isPlain } from "./plain.js";

const place = { stage: "test", file: "model", tensor: "a.weight" };
const types = ["F32", "F16", "BF16"].filter(isPlain);

for (const type of types) {
  test(`${type} values are found not finite wherever they stand`, () => {
    const at = fc.nat(30).chain((last) => fc.tuple(fc.nat(last), fc.constant(last + 1)));
    fc.assert(
      fc.property(at, fc.constantFrom(Infinity, -Infinity, NaN), ([bad, length], value) => {
        const values = new Float32Array(length).fill(-2.5);
        const bytes = () => fromFloat32(values.slice(), type);
        assert.deepEqual(toFloat16Bytes(bytes(), type, place), fromFloat32(values, "F16"));
        values[bad] = value;
        assert.throws(
          () => toFloat16Bytes(bytes(), type, place),
          (error) => error instanceof MalformedInput && error.message.includes(`holds ${value} instead`),
        );
      }),
    );
  });
}

test("a value beyond float16 is named as it was stored", () => {
  for (const type of ["F32", "BF16"] as const) {
    const bytes = fromFloat32(Float32Array.of(65504, 1, -131072), type);
    assert.throws(
      () => toFloat16Bytes(type === "F32" ? bytes : bytes.slice(2), type, place),
      (error) => error instanceof Unsupported && error.message.includes("holds -1.311e+5, more than float16"),
    );
  }
});
