import assert from "node:assert/strict";
import { test } from "node:test";
import validator from "validator";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { bankCard } from "./bank-card.js";

test("finds cards with a right check digit in one run and in fours", () => {
  for (const [text, found] of [
    ["打到6222000000001234560", "6222000000001234560"],
    ["4111 1111 1111 1111谢谢", "4111 1111 1111 1111"],
    ["5555-5555-5555-4444", "5555-5555-5555-4444"],
    ["６２２２００００００００１２３４５６０", "６２２２００００００００１２３４５６０"],
    ["卡号6222000000001234567", "6222000000001234567"],
  ] as const)
    assert.deepEqual(foundBy(bankCard, text), [found], text);
});

test("leaves a wrong check digit, other beginnings and numbers of orders", () => {
  for (const text of [
    "6222000000001234561",
    "1234567812345670",
    "订单号4111111111111111",
    "4111 1111 1111",
    "4111111111111111.5",
  ])
    assert.deepEqual(foundBy(bankCard, text), [], text);
});

test("stand-ins have a right check digit and no bank", () => {
  for (const form of ["4111 1111 1111 1111", "6222000000001234560"]) {
    for (const standIn of standInsFor(bankCard, form)) {
      assert.equal(standIn.length, form.length);
      assert.ok(validator.isLuhnNumber(standIn.replaceAll(" ", "")), standIn);
      assert.ok(!validator.isCreditCard(standIn.replaceAll(" ", "")), standIn);
    }
  }
});
