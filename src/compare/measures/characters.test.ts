import assert from "node:assert/strict";
import { test } from "node:test";
import { countCharacters } from "./characters.js";

test("counts what a person sees: emoji of several code points, accents and line breaks are one each", () => {
  assert.equal(countCharacters(""), 0);
  assert.equal(countCharacters("好的"), 2);
  assert.equal(countCharacters("👩‍👩‍👧🇨🇳👍🏽"), 3);
  assert.equal(countCharacters("e\u0301a\nb"), 4);
});
