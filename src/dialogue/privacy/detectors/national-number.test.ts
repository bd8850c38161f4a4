import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { nationalNumber } from "./national-number.js";

test("finds insurance, social security and health service numbers", () => {
  assert.deepEqual(foundBy(nationalNumber, "it is QQ 12 34 56 C."), ["QQ 12 34 56 C"]);
  assert.deepEqual(foundBy(nationalNumber, "ssn 219-09-9999"), ["219-09-9999"]);
  assert.deepEqual(foundBy(nationalNumber, "It is 999 000 0018."), ["999 000 0018"]);
});

test("leaves a wrong check digit and other numbers in groups", () => {
  for (const text of ["999 000 0017", "219-9-9999", "000-12-3456", "QQ 12345"])
    assert.deepEqual(foundBy(nationalNumber, text), [], text);
});

test("stand-ins are of series that are never given out", () => {
  for (const standIn of standInsFor(nationalNumber, "AB 12 34 56 C"))
    assert.match(standIn, /^QQ \d\d \d\d \d\d [A-D]$/);
  for (const standIn of standInsFor(nationalNumber, "219-09-9999")) assert.match(standIn, /^000-\d\d-\d{4}$/);
  for (const standIn of standInsFor(nationalNumber, "999 000 0018"))
    assert.deepEqual(foundBy(nationalNumber, standIn), []);
});
