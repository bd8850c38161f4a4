import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { companyCode } from "./company-code.js";

test("finds codes with a right check sign only", () => {
  // The example of the standard's annex.
  assert.deepEqual(foundBy(companyCode, "税号91350100M000100Y43，开专票"), ["91350100M000100Y43"]);
  assert.deepEqual(foundBy(companyCode, "91350100M000100Y44"), []);
});

test("stand-ins have a right check sign and a region that does not exist", () => {
  for (const standIn of standInsFor(companyCode, "91350100M000100Y43")) {
    assert.match(standIn, /^91000000[0-9A-HJ-NPQRTUWXY]{10}$/);
    assert.equal(standIn.length, 18);
  }
});
