import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJsLiteral } from "./js-literal.js";

test("JSON is read as JSON.parse reads it, numbers that it rounds apart", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\d{16}|\de\+?\d\d/.test(text));
      assert.deepEqual(parseJsLiteral(text), JSON.parse(text));
    }),
  );
});

test("bare keys, single quotes, escapes and commas at the end", () => {
  const text = "{ type:1, 'a b': 'it\\'s \\\\ \\n\\u4f60\\x41\\q', list: [1, -2.5, true, None,], 键: `x`, }";
  assert.deepEqual(parseJsLiteral(text), {
    type: 1,
    "a b": "it's \\ \n你Aq",
    list: [1, -2.5, true, null],
    键: "x",
  });
});

test("a number that would be rounded stays text", () => {
  assert.deepEqual(parseJsLiteral("[7000000000000000001, 9007199254740991]"), [
    "7000000000000000001",
    9007199254740991,
  ]);
});

test("anything else is refused", () => {
  for (const text of [
    "",
    "{",
    "[1",
    "{a}",
    "{a:}",
    "'a",
    "f()",
    "a",
    "1 2",
    "{a:1 b:2}",
    "[1 2]",
    "constructor",
  ])
    assert.throws(() => parseJsLiteral(text), SyntaxError, text);
  assert.throws(() => parseJsLiteral("[".repeat(100_000)), SyntaxError);
});
