import assert from "node:assert/strict";
import { test } from "node:test";
import { finalMark } from "./final-mark.js";

test("tells how a bubble ends, behind emoji too", () => {
  assert.equal(finalMark("ok."), "fullStop");
  assert.equal(finalMark("好的。😂"), "fullStop");
  assert.equal(finalMark("hm..."), "other");
  assert.equal(finalMark("嗯。。。"), "other");
  assert.equal(finalMark("what?!"), "question");
  assert.equal(finalMark("真的吗？"), "question");
  assert.equal(finalMark("yes!!"), "exclamation");
  assert.equal(finalMark("see u"), "other");
  assert.equal(finalMark(""), "other");
});
