import assert from "node:assert/strict";
import { test } from "node:test";
import { clockHour } from "./clock-hour.js";

const CASES: [number, string, number | null][] = [
  [0, "", 0],
  [23, "", 23],
  [24, "", null],
  [12, "AM", 0],
  [12, "p.m.", 12],
  [1, "PM", 13],
  [1, "下午", 13],
  [12, "下午", 12],
  [0, "午後", 12],
  [12, "午前", 0],
  [12, "오전", 0],
  [11, "오후", 23],
  [3, "凌晨", 3],
  [12, "中午", 12],
  [1, "中午", 13],
  [11, "中午", 11],
  [8, "晚上", 20],
  [12, "晚上", 0],
  [16, "下午", 16],
  [4, "Uhr", null],
];

for (const [hour, mark, expected] of CASES) {
  test(`${mark} ${hour} is ${expected ?? "no hour"}`, () => {
    assert.equal(clockHour(hour, mark), expected);
  });
}
