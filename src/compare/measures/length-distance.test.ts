import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random.js";
import { lengthDistance, splitHalfDistance } from "./length-distance.js";

test("equal sets lie 0 apart, and doubling every length (plus one) is a distance of 1", () => {
  const lengths = [1, 5, 9, 20];
  assert.equal(lengthDistance(lengths, [20, 1, 9, 5]), 0);
  const doubled = lengths.map((length) => 2 * (1 + length) - 1);
  assert.ok(Math.abs(lengthDistance(lengths, doubled) - 1) < 1e-9);
});

test("the halves of one person agree better than two persons do", () => {
  const random = createRandom("lengths");
  const person = Array.from({ length: 100 }, () => Math.round(5 + 30 * random()));
  const other = person.map((length) => 6 * length);
  const floor = splitHalfDistance(person, person, "s");
  assert.ok(floor > 0 && floor < 0.3, String(floor));
  assert.ok(splitHalfDistance(other, person, "s") > 2);
});
