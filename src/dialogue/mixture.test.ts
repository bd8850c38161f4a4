import assert from "node:assert/strict";
import { test } from "node:test";
import { fitMixture, valley } from "./mixture.js";

/** A histogram of two normal distributions: share, mean and deviation of each. */
function histogram(...parts: [number, number, number][]): Float64Array {
  return Float64Array.from({ length: 60 }, (_, bin) =>
    parts.reduce(
      (sum, [share, mean, deviation]) =>
        sum + ((1000 * share) / deviation) * Math.exp(-(((bin + 0.5 - mean) / deviation) ** 2) / 2),
      0,
    ),
  );
}

test("finds the two distributions that a histogram was made of", () => {
  for (const [one, two] of [
    [
      [0.9, 10, 2],
      [0.1, 28, 3],
    ],
    [
      [0.5, 12, 3],
      [0.5, 30, 2],
    ],
    [
      [0.98, 8, 1.5],
      [0.02, 30, 4],
    ],
  ] as [[number, number, number], [number, number, number]][]) {
    const [a, b] = fitMixture(histogram(one, two));
    // Within half a bin: a histogram knows no more.
    for (const [found, [share, mean, deviation]] of [
      [a, one],
      [b, two],
    ] as const) {
      assert.ok(Math.abs(found.share - share) < 0.01, `${found.share} for ${share}`);
      assert.ok(Math.abs(found.mean - mean) < 0.5, `${found.mean} for ${mean}`);
      assert.ok(Math.abs(found.deviation - deviation) < 0.5, `${found.deviation} for ${deviation}`);
    }
  }
});

test("the valley is where the sum of both is lowest", () => {
  const parts: [[number, number, number], [number, number, number]] = [
    [0.9, 10, 2],
    [0.1, 28, 3],
  ];
  const fine = (bin: number) =>
    parts.reduce(
      (sum, [share, mean, deviation]) =>
        sum + (share / deviation) * Math.exp(-(((bin - mean) / deviation) ** 2) / 2),
      0,
    );
  const found = valley(fitMixture(histogram(...parts)))!;
  let lowest = 10;
  for (let bin = 10; bin < 28; bin += 0.01) if (fine(bin) < fine(lowest)) lowest = bin;
  assert.ok(Math.abs(found - lowest) < 0.5, `${found} for ${lowest}`);
});

test("one distribution has no valley", () => {
  assert.equal(valley(fitMixture(histogram([1, 15, 4]))), null);
});

test("all gaps in one bin are no reason to fail", () => {
  const counts = new Float64Array(60);
  counts[7] = 500;
  const fit = fitMixture(counts);
  assert.ok(fit.every(({ share, mean, deviation }) => [share, mean, deviation].every(Number.isFinite)));
  assert.equal(valley(fit), null);
});
