import assert from "node:assert/strict";
import { test } from "node:test";
import { isLowerCase } from "./lower-case.js";

test("a bubble without capitals is lower case; one without letters that have a case says nothing", () => {
  assert.equal(isLowerCase("im a genius mate"), true);
  assert.equal(isLowerCase("ok I am"), false);
  assert.equal(isLowerCase("好的 😂 10"), null);
});
