import assert from "node:assert/strict";
import { test } from "node:test";
import { countPairs, countTopReply, distinct2 } from "./variety.js";

test("the most common reply is counted without regard to case and final marks", () => {
  assert.equal(countTopReply(["Ok!", "ok", "ok。", "sure"]), 3);
  assert.equal(countTopReply([]), 0);
});

test("different pairs as a share of all pairs", () => {
  assert.equal(countPairs(["a b c", "d", ""]), 2);
  assert.equal(distinct2(["a b a b"], 100), 2 / 3);
  assert.equal(distinct2(["好的好的"], 100), 2 / 3);
  assert.equal(distinct2(["a", ""], 100), null);
});

test("only pairs within the budget count", () => {
  assert.equal(distinct2(["a b c d", "a b a b"], 3), 1);
  assert.equal(distinct2(["a b c d", "a b a b"], 4), 3 / 4);
});
