import assert from "node:assert/strict";
import { test } from "node:test";
import { hasEmoji, withoutTrailingEmoji } from "./emoji.js";

test("pictographs, flags and sticker codes are emoji; placeholders, marks and digits are not", () => {
  for (const bubble of ["ok 😂", "❤", "🇫🇷", "好的[捂脸]", "[Facepalm]"]) assert.ok(hasEmoji(bubble), bubble);
  for (const bubble of ["ok", "Dear [Name],", "[1]", "50%", "© 2024", "→", ":)", "打[电话]", "my [phone]"])
    assert.ok(!hasEmoji(bubble), bubble);
});

test("what follows the last word is taken off", () => {
  assert.equal(withoutTrailingEmoji("fine. 😂👍🏽"), "fine.");
  assert.equal(withoutTrailingEmoji("好的。[捂脸][捂脸]"), "好的。");
  assert.equal(withoutTrailingEmoji('"really?"'), '"really?');
  assert.equal(withoutTrailingEmoji("😂"), "");
  assert.equal(withoutTrailingEmoji("打[电话]"), "打[电话]");
});
