import assert from "node:assert/strict";
import { test } from "node:test";
import { bubbles } from "./bubbles.js";

test("a line that holds anything is a bubble", () => {
  assert.deepEqual(bubbles("ok\n\n  sure \r\nbye"), ["ok", "sure", "bye"]);
  assert.deepEqual(bubbles(" \n "), []);
});
