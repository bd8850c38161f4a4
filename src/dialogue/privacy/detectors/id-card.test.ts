import assert from "node:assert/strict";
import { test } from "node:test";
import validator from "validator";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { idCard } from "./id-card.js";

test("finds cards with a date and the right check digit, glued to words, spaced, and with a small x", () => {
  for (const [text, found] of [
    ["身份证11010519491231002X", "11010519491231002X"],
    ["11010519491231002x是我的", "11010519491231002x"],
    ["440524 19800101 0013", "440524 19800101 0013"],
    ["老身份证130503670401001", "130503670401001"],
  ] as const)
    assert.deepEqual(foundBy(idCard, text), [found], text);
  assert.deepEqual(
    foundBy(idCard, "身份证号110105194912310021"),
    ["110105194912310021"],
    "mistyped, but called so",
  );
});

test("leaves a wrong check digit, an impossible date and numbers of orders", () => {
  for (const text of [
    "110105194912310021",
    "11010519490231002X",
    "130503671301001",
    "单号130503670401001",
    "身份证丢了",
  ])
    assert.deepEqual(foundBy(idCard, text), [], text);
});

test("stand-ins have the check digit of a card and a region that does not exist", () => {
  assert.ok(validator.isIdentityCard("11010519491231002X", "zh-CN"), "the check knows real ones");
  for (const standIn of standInsFor(idCard, "11010519491231002X")) {
    assert.deepEqual(foundBy(idCard, standIn), [standIn], "the form of a card");
    assert.ok(!validator.isIdentityCard(standIn, "zh-CN"), "no region of its number");
    assert.ok(validator.isIdentityCard(withRegion(standIn), "zh-CN"), "but for that it is one");
  }
});

/** The same card in a region that exists: the check digit is the same where the weighted sum changes by a multiple of 11. */
function withRegion(card: string): string {
  for (const region of [
    "11",
    "12",
    "13",
    "14",
    "15",
    "21",
    "22",
    "23",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "41",
  ]) {
    const before = Number(card[0]) * 7 + Number(card[1]) * 9;
    if ((Number(region[0]) * 7 + Number(region[1]) * 9 - before) % 11 === 0) return region + card.slice(2);
  }
  return card;
}
