import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { qq } from "./qq.js";

test("finds numbers beside the word", () => {
  for (const [text, found] of [
    ["QQ：123456789", "123456789"],
    ["加我qq 2345678901", "2345678901"],
    ["我扣扣号是34567", "34567"],
    ["123456789是我QQ", "123456789"],
    ["ＱＱ１２３４５６７", "１２３４５６７"],
  ] as const)
    assert.deepEqual(foundBy(qq, text), [found], text);
});

test("leaves numbers elsewhere", () => {
  for (const text of ["123456789", "qq飞车1234", "QQ 3分钟", "QQ等级128", "发QQ上了 一共12345块"])
    assert.deepEqual(foundBy(qq, text), [], text);
});

test("stand-ins lie far above the numbers that are given out", () => {
  for (const standIn of standInsFor(qq, "123456789")) assert.match(standIn, /^99\d{9}$/);
});
