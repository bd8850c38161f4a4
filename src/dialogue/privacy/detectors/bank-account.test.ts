import assert from "node:assert/strict";
import { test } from "node:test";
import validator from "validator";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { bankAccount } from "./bank-account.js";

test("finds accounts with right check digits only", () => {
  assert.deepEqual(foundBy(bankAccount, "its GB82 WEST 1234 5698 7654 32."), ["GB82 WEST 1234 5698 7654 32"]);
  assert.deepEqual(foundBy(bankAccount, "DE89370400440532013000谢谢"), ["DE89370400440532013000"]);
  assert.deepEqual(foundBy(bankAccount, "GB83 WEST 1234 5698 7654 32"), []);
  assert.deepEqual(foundBy(bankAccount, "AB12 CD34 EF56"), []);
});

test("stand-ins have right check digits and no country", () => {
  for (const standIn of standInsFor(bankAccount, "GB82 WEST 1234 5698 7654 32")) {
    assert.match(standIn, /^ZZ\d\d [A-Z]{4} \d{4} \d{4} \d{4} \d\d$/);
    assert.deepEqual(foundBy(bankAccount, standIn), [standIn]);
    assert.ok(!validator.isIBAN(standIn));
  }
});
