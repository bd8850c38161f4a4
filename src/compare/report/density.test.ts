import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthDensity } from "./density.js";

test("the curve peaks at 1 where most lengths are", () => {
  const curve = lengthDensity([8, 8, 8, 8, 64], 256);
  const top = curve.find(({ y }) => y === 1)!;
  assert.ok(Math.abs(Math.log2(top.x) - 3) < 0.1, String(top.x));
  assert.deepEqual([curve[0]!.x, curve.at(-1)!.x], [1, 256]);
});

test("an empty reply lies at the left end", () => {
  assert.equal(lengthDensity([0, 0], 64)[0]!.y, 1);
});
