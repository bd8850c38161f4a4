import assert from "node:assert/strict";
import { test } from "node:test";
import { isWrongScript, scriptsOf } from "./script.js";

test("a reply mostly in a script nobody used is wrong, a few borrowed letters are not", () => {
  const usual = scriptsOf("好的 明天见 ok 我在路上了 到了叫你", 0.01);
  assert.deepEqual([...usual].sort(), ["Han", "Latin"]);
  assert.equal(isWrongScript("Привет, как дела", usual), true);
  assert.equal(isWrongScript("sure, see you", usual), false);
  assert.equal(isWrongScript("好ありが", usual), true);
  assert.equal(isWrongScript("нет, спасибо", usual), false);
});

test("a script below the share is not one the person uses", () => {
  assert.deepEqual([...scriptsOf(`${"a".repeat(200)}好`, 0.01)], ["Latin"]);
  assert.deepEqual([...scriptsOf("", 0.01)], []);
});
