import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, normal } from "../../random.js";
import { bootstrap } from "./bootstrap.js";

const mean = (items: readonly number[]): number => items.reduce((sum, item) => sum + item, 0) / items.length;

test("the interval of a mean is about 1.96 standard errors to either side", () => {
  const random = createRandom("normal");
  const values = Array.from({ length: 400 }, () => 10 + normal(random));
  const [low, high] = bootstrap(
    values.map((value) => [value]),
    mean,
    "s",
  )!;
  // The standard error is 0.05; 2,000 resamples place each end within a tenth of that or so.
  assert.ok(Math.abs(mean(values) - low - 0.098) < 0.015, String(low));
  assert.ok(Math.abs(high - mean(values) - 0.098) < 0.015, String(high));
});

test("replies that hang together make the interval wider than as many independent ones", () => {
  const random = createRandom("groups");
  const groups = Array.from({ length: 20 }, () => Array(10).fill(normal(random)) as number[]);
  const together = bootstrap(groups, mean, "s")!;
  const apart = bootstrap(
    groups.flat().map((value) => [value]),
    mean,
    "s",
  )!;
  assert.ok(together[1] - together[0] > 2 * (apart[1] - apart[0]));
});

test("the same seed gives the same interval; too few groups give none", () => {
  const groups = [[1], [2], [3], [4], [9]];
  assert.deepEqual(bootstrap(groups, mean, "a"), bootstrap(groups, mean, "a"));
  assert.notDeepEqual(bootstrap(groups, mean, "a"), bootstrap(groups, mean, "b"));
  assert.equal(bootstrap(groups.slice(1), mean, "a"), null);
});
