import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { likeliest } from "./likeliest.js";

it("finds what sorting all of them finds", () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(-Infinity)), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 70 }), (numbers, count) => {
      const logits = Float32Array.from(numbers);
      const all = [...logits.keys()].sort((a, b) =>
        logits[b]! > logits[a]! ? 1 : logits[b]! < logits[a]! ? -1 : a - b,
      );
      assert.deepEqual(likeliest(logits, count), all.slice(0, count));
    }),
  );
});
