import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Literals } from "./literals.js";

function foundIn(text: string, ...names: string[]): string[] {
  const literals = new Literals(
    names.map((name) => ({ kind: "name" as const, text: name, anyCase: name.length > 2 })),
  );
  return literals.find(text).map(({ start, end }) => text.slice(start, end));
}

test("words of letters stand alone, in any case, though Chinese may touch them", () => {
  assert.deepEqual(foundIn("Hal, hal and HAL's bike, halo, shall", "Hal"), ["Hal", "hal", "HAL"]);
  assert.deepEqual(foundIn("和Nadia去", "Nadia"), ["Nadia"]);
  assert.deepEqual(foundIn("Al said al dente", "Al"), ["Al"], "two letters with their capital only");
});

test("the longest is found first, and none within another", () => {
  assert.deepEqual(foundIn("陆小满来了，小满！", "小满", "陆小满"), ["陆小满", "小满"]);
});

test("two characters do not cut through other words", () => {
  assert.deepEqual(foundIn("国王明天来", "王明"), []);
  assert.deepEqual(foundIn("和王明吃饭", "王明"), ["王明"]);
  assert.deepEqual(foundIn("阿泽在吗", "阿泽"), ["阿泽"]);
});

test("finds what a search for each finds", () => {
  const word = fc.stringMatching(/^[ab]{2,4}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 8 }),
      fc.array(word, { maxLength: 20 }),
      (names, text) => {
        assert.deepEqual(foundIn(text.join(" "), ...names.map((name) => `${name}c`)), []);
        const literals = new Literals(
          names.map((name) => ({ kind: "name" as const, text: name, anyCase: true })),
        );
        const line = text.join(" ");
        const found = literals.find(line).map(({ start, end }) => line.slice(start, end));
        assert.deepEqual(
          found,
          text.filter((one) => names.includes(one)),
        );
      },
    ),
  );
});
