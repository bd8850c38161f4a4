import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayWidth, pad, printable, wrap } from "./display.js";

test("Chinese characters and emoji take two columns", () => {
  assert.equal(displayWidth("ok好的"), 6);
  assert.equal(displayWidth("😂👩‍👩‍👧🇨🇳"), 6);
  assert.equal(displayWidth("（，）"), 6);
  assert.equal(displayWidth("e\u0301–…"), 3);
  assert.equal(pad("好", 4, "left"), "  好");
  assert.equal(pad("好", 4, "right"), "好  ");
});

test("escape sequences and direction marks do not reach the terminal", () => {
  assert.equal(printable("a\u001b[31mb\u202Ec\u0007👩‍👧"), "a[31mbc👩‍👧");
});

test("lines break at blanks, Chinese anywhere, long words where they must", () => {
  assert.deepEqual(wrap("see you at the station", 10), ["see you at", "the", "station"]);
  assert.deepEqual(wrap("明天下午见", 4), ["明天", "下午", "见"]);
  assert.deepEqual(wrap("aaaaaaa", 3), ["aaa", "aaa", "a"]);
});

test("no line is too wide and no letter is lost", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "b ", " ", "好", "😂", "é") }),
      fc.integer({ min: 2, max: 20 }),
      (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) assert.ok(displayWidth(line) <= width);
        assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
      },
    ),
  );
});
