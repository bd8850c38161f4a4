import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hasLongRepeat, hasRepeatedTrigram } from "./loop.js";

/** Whether any stretch of more than half comes again. */
function slow(text: string): boolean {
  const length = Math.floor(text.length / 2) + 1;
  return [...Array(Math.max(0, text.length - length)).keys()].some(
    (at) => text.indexOf(text.slice(at, at + length), at + 1) >= 0,
  );
}

test("three words in a row that come three times are a loop", () => {
  assert.ok(hasRepeatedTrigram("i am here and i am here but i am here"));
  assert.ok(hasRepeatedTrigram("我不知道，我不知道，我不知道"));
  assert.ok(!hasRepeatedTrigram("i am here and i am here"));
});

test("laughing is no loop", () => {
  assert.ok(!hasRepeatedTrigram("哈".repeat(40)));
  assert.ok(!hasLongRepeat("哈".repeat(40)));
  assert.ok(!hasLongRepeat("haha".repeat(20)));
  assert.ok(!hasRepeatedTrigram("no no no no no no no no no"));
});

test("a stretch of more than half of a reply that comes twice is a loop", () => {
  assert.ok(hasLongRepeat("the same thing again. ".repeat(3)));
  assert.ok(!hasLongRepeat("the same thing again. and now another ending"));
  assert.ok(!hasLongRepeat("abcd abcd abcd"));
});

test("a long repeat is found exactly where a slow search finds one", () => {
  // No three equal pieces in a row, so that no laughter is folded.
  const text = fc
    .array(fc.constantFrom("abc ", "abd ", "e"), { minLength: 12, maxLength: 30 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      text.filter((some) => some.length > 20 && !/(\S{1,2}?)\1{2}/u.test(some)),
      (some) => {
        assert.equal(hasLongRepeat(some), slow(some));
      },
    ),
  );
});
