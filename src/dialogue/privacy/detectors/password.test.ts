import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { password } from "./password.js";

test("finds passwords beside the word", () => {
  for (const [text, found] of [
    ["密码是doubao5jin8", "doubao5jin8"],
    ["wifi密码:12345678", "12345678"],
    ["密码：Qwer!234", "Qwer!234"],
    ["The new password is Bumbl3-Ptolemy-1569. I was told", "Bumbl3-Ptolemy-1569"],
    ["password: hunter", "hunter"],
    ["pwd=abc123", "abc123"],
    ["xiong2tiao是家里wifi密码", "xiong2tiao"],
  ] as const)
    assert.deepEqual([...new Set(foundBy(password, text))], [found], text);
});

test("finds the answer to who asked for one", () => {
  assert.deepEqual(foundBy(password, "yeah its gearbox-lentil-88", "password"), ["gearbox-lentil-88"]);
  assert.deepEqual(foundBy(password, "190623？", "password"), ["190623"]);
  assert.deepEqual(foundBy(password, "yeah its gearbox-lentil-88"), []);
});

test("leaves talk about passwords", () => {
  for (const text of [
    "密码忘了",
    "密码错了3次",
    "password is wrong",
    "reset the password please",
    "password: wrong",
    "密码在第2页",
  ])
    assert.deepEqual(foundBy(password, text), [], text);
  for (const text of ["到了14:30", "1234.5元", "周五2024-05-12", "我猜不到"])
    assert.deepEqual(foundBy(password, text, "password"), [], text);
});

test("stand-ins have the same sorts of signs in the same places", () => {
  for (const standIn of standInsFor(password, "Qwer!234")) assert.match(standIn, /^[A-Z][a-z]{3}!\d{3}$/);
});
