import assert from "node:assert/strict";
import { test } from "node:test";
import { localTimeIn } from "../../local-time.js";
import { dayOrderOf, hasYearLast, tableTime } from "./table-time.js";

const localTime = localTimeIn("Asia/Shanghai");

const FORMS = [
  "1714550400",
  "1714550400000",
  "1714550400000000",
  "1714550400.000100",
  "2024-05-01T10:00:00+02:00",
  "2024-05-01T08:00:00.123Z",
  "2024-05-01 16:00:00",
  "2024/5/1 16:00",
  "2024.05.01 16:00",
  "2024年5月1日 16:00",
  "2024年5月1日 下午4:00",
  "2024-05-01 04:00 PM",
  "May 1, 2024 4:00 PM",
  "Wed, 1 May 2024 16:00:00",
  "1.5.2024, 16:00",
  "01/05/2024 16:00",
  "1/5/24, 4:00\u202fPM",
];

for (const form of FORMS) {
  test(`${form} is read`, () => {
    assert.equal(tableTime(form, "day-first", localTime), 1714550400);
  });
}

test("the order of day and month is followed", () => {
  assert.equal(tableTime("5/1/2024 16:00", "month-first", localTime), 1714550400);
  assert.equal(tableTime("5/1/2024", "day-first", localTime), localTime({ year: 2024, month: 1, day: 5 }));
  assert.deepEqual(["31/5/2024", "5/31/2024 1:00", "5/1/2024", "2024-31-05"].map(dayOrderOf), [
    "day-first",
    "month-first",
    undefined,
    undefined,
  ]);
  assert.deepEqual(["5/1/2024", "2024/5/1"].map(hasYearLast), [true, false]);
});

test("what is no time is none", () => {
  for (const text of ["", "yesterday", "2024-02-31 16:00", "16:00", "12345", "2024-05-01 25:00", "7E+18"])
    assert.equal(tableTime(text, "day-first", localTime), null);
});
