import assert from "node:assert/strict";
import { test } from "node:test";
import { isValidPhoneNumber } from "libphonenumber-js/max";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { mobile } from "./mobile.js";

test("finds mobile numbers glued to Chinese, full-width, spaced, and behind the country code", () => {
  for (const [text, found] of [
    ["电话13812345678", "13812345678"],
    ["13812345678打我", "13812345678"],
    ["我的号１３８１２３４５６７８", "１３８１２３４５６７８"],
    ["138 1234 5678", "138 1234 5678"],
    ["199-0012-3456，别发给别人", "199-0012-3456"],
    ["+86 13812345678", "13812345678"],
    ["008613812345678", "13812345678"],
    ["tel13812345678", "13812345678"],
    ["13812345678wx同号", "13812345678"],
  ] as const)
    assert.deepEqual(foundBy(mobile, text), [found], text);
  assert.deepEqual(foundBy(mobile, "13812345678/13912345678"), ["13812345678", "13912345678"]);
});

test("leaves service numbers, numbers of parcels and orders, stamps and amounts", () => {
  for (const text of [
    "10086",
    "12345678901",
    "单号SF1380012345678",
    "运单号：13812345678",
    "order 13812345678",
    "1700000000000",
    "138123456789",
    "13812345678.5",
    "150 200 300 50",
    "6222021381234567812",
  ])
    assert.deepEqual(foundBy(mobile, text), [], text);
});

test("stand-ins have the form of a mobile number and belong to no operator", () => {
  assert.ok(isValidPhoneNumber("13812345678", "CN"), "the check knows real ones");
  for (const standIn of standInsFor(mobile, "138 1234 5678")) {
    assert.match(standIn, /^1\d\d \d{4} \d{4}$/);
    assert.ok(!isValidPhoneNumber(standIn, "CN"), standIn);
  }
  assert.match(standInsFor(mobile, "１３８１２３４５６７８", 1)[0]!, /^[０-９]{11}$/);
});
