import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { email } from "./email.js";

test("finds addresses glued to Chinese, with full-width signs, and before a full stop", () => {
  for (const [text, found] of [
    ["邮箱aze.lu@example.com发我", "aze.lu@example.com"],
    ["123456@qq.com", "123456@qq.com"],
    ["It is wren+bees@mail.example.co.uk.", "wren+bees@mail.example.co.uk"],
    ["ａｚｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａｚｅ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
  ] as const)
    assert.deepEqual(foundBy(email, text), [found], text);
});

test("leaves mentions, prices and what has no domain", () => {
  for (const text of ["@小满 在吗", "3@5块", "meet@7", "me@home", "a@b.c"])
    assert.deepEqual(foundBy(email, text), [], text);
});

test("a long run of signs without an end takes no time", () => {
  assert.deepEqual(foundBy(email, "a.".repeat(50_000)), []);
  assert.deepEqual(foundBy(email, `a@${"b.".repeat(50_000)}`), []);
});

test("stand-ins are at a domain that is kept free", () => {
  for (const standIn of standInsFor(email, "aze.lu@corp.example"))
    assert.match(standIn, /^[a-z]{5}\d{3}@example\.com$/);
});
