import assert from "node:assert/strict";
import { test } from "node:test";
import { units } from "./units.js";

test("words in lower case, Chinese by the character, marks and emoji left out", () => {
  assert.deepEqual(units("I'm OK好的, 明天见 10点 😂"), [
    "i'm",
    "ok",
    "好",
    "的",
    "明",
    "天",
    "见",
    "10",
    "点",
  ]);
  assert.deepEqual(units("!!!"), []);
});
