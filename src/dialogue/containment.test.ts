import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findContained } from "./containment.js";

test("finds what a comparison of all pairs finds", async () => {
  // Few letters, so that texts of all lengths occur in one another often.
  const text = fc.string({ unit: fc.constantFrom("a", "b", "好"), minLength: 3, maxLength: 60 });
  const texts = fc
    .array(text, { minLength: 1, maxLength: 40 })
    .chain((list) =>
      fc
        .array(fc.tuple(fc.nat(list.length - 1), fc.nat(40), fc.integer({ min: 3, max: 40 })))
        .map((cuts) => [
          ...list,
          ...cuts
            .map(([at, start, length]) => list[at]!.slice(start, start + length))
            .filter((cut) => cut.length >= 3),
        ]),
    );
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), async (list, groupCount) => {
      const groups = list.map((_, index) => index % groupCount);
      const expected = list.map((one, index) =>
        list.some((other, at) => groups[at] !== groups[index] && other.includes(one)),
      );
      assert.deepEqual(await findContained(list, groups), expected);
    }),
    { numRuns: 300 },
  );
});
