import assert from "node:assert/strict";
import { test } from "node:test";
import { isValidPhoneNumber } from "libphonenumber-js/max";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { landline } from "./landline.js";

test("finds numbers with an area code, and without one behind the word", () => {
  for (const [text, found] of [
    ["公司电话0571-87654321", "0571-87654321"],
    ["打010 62345678找他", "010 62345678"],
    ["(021)54321234", "(021)54321234"],
    ["02154321234转802", "02154321234转802"],
    ["家里座机是8765 4321", "8765 4321"],
    ["０５７１－８７６５４３２１", "０５７１－８７６５４３２１"],
  ] as const)
    assert.deepEqual(foundBy(landline, text), [found], text);
});

test("leaves service numbers, dates, plain numbers and decimals", () => {
  for (const text of [
    "95588",
    "400-820-8820",
    "2024-0512",
    "花了87654321块",
    "0.12345678",
    "座机10086",
    "2023-05-0112345",
  ])
    assert.deepEqual(foundBy(landline, text), [], text);
});

test("stand-ins keep the form and are no number that can be dialled", () => {
  assert.ok(isValidPhoneNumber("0571-87654321", "CN"), "the check knows real ones");
  for (const form of ["0571-87654321", "010 62345678"]) {
    for (const standIn of standInsFor(landline, form)) {
      assert.equal(standIn.length, form.length);
      assert.ok(!isValidPhoneNumber(standIn, "CN"), standIn);
    }
  }
});
