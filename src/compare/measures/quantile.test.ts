import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile } from "./quantile.js";

test("agrees with NumPy 2.4.6, numpy.quantile([1, 2, 4, 8, 16], q)", () => {
  const values = [16, 1, 8, 2, 4];
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile(values, 0.5), 4);
  assert.ok(Math.abs(quantile(values, 0.9) - 12.8) < 1e-12);
  assert.equal(quantile(values, 1), 16);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});
