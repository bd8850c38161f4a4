import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { code } from "./code.js";

test("finds codes beside the word", () => {
  for (const [text, found] of [
    ["验证码123456，五分钟内有效", "123456"],
    ["【某宝】验证码：8812", "8812"],
    ["835271是您的验证码", "835271"],
    ["取件码84-2-7719", "84-2-7719"],
    ["提取码: a8k2", "a8k2"],
    ["Door code is 4471.", "4471"],
    ["The safe code's 1309", "1309"],
    ["G-482913 is your verification code", "G-482913"],
    ["your pin is 0420", "0420"],
  ] as const)
    assert.deepEqual([...new Set(foundBy(code, text))], [found], text);
  assert.deepEqual(foundBy(code, "yeah 1309 thats ur birthday", "code"), ["1309"], "an answer");
});

test("leaves other numbers and codes that open nothing", () => {
  for (const text of [
    "error code 4040",
    "zip code 94110",
    "验证码收不到",
    "扫码 1234",
    "码字2000",
    "code review at 1400",
    "1234",
  ])
    assert.deepEqual(foundBy(code, text), [], text);
  for (const text of ["等我 1500块", "2024", "10:3000", "$1500"])
    assert.deepEqual(foundBy(code, text, "code"), [], text);
});

test("stand-ins have as many digits", () => {
  for (const standIn of standInsFor(code, "84-2-7719")) assert.match(standIn, /^\d\d-\d-\d{4}$/);
});
