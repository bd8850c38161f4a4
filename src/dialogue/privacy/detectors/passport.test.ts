import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { passport } from "./passport.js";

test("finds Chinese passports, and others where one is spoken of", () => {
  assert.deepEqual(foundBy(passport, "护照E12345678"), ["E12345678"]);
  assert.deepEqual(foundBy(passport, "EA1234567过期了"), ["EA1234567"]);
  assert.deepEqual(foundBy(passport, "my passport is 533401372"), ["533401372"]);
  assert.deepEqual(foundBy(passport, "number is 533401372 if u need it", "passport"), ["533401372"]);
});

test("leaves orders and other numbers", () => {
  for (const text of ["订单E12345678", "12306订单EA20250428", "533401372", "SE12345678", "护照办好了"])
    assert.deepEqual(foundBy(passport, text), [], text);
});

test("stand-ins keep the length, in a series that no country has", () => {
  for (const standIn of standInsFor(passport, "E12345678")) assert.match(standIn, /^Z0\d{7}$/);
  for (const standIn of standInsFor(passport, "533401372")) assert.match(standIn, /^000\d{6}$/);
});
