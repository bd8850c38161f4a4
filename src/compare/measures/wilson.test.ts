import assert from "node:assert/strict";
import { test } from "node:test";
import { wilson } from "./wilson.js";

test("agrees with SciPy 1.17.1, binomtest(count, of).proportion_ci(method='wilson')", () => {
  const golden: [number, number, number, number][] = [
    [0, 60, 0, 0.06017185],
    [5, 100, 0.02154368, 0.11175047],
    [26, 40, 0.49505881, 0.77865471],
    [80, 80, 0.95418186, 1],
  ];
  for (const [count, of, low, high] of golden) {
    const share = wilson(count, of)!;
    assert.ok(Math.abs(share.low - low) < 1e-6, `${count}/${of} low ${share.low}`);
    assert.ok(Math.abs(share.high - high) < 1e-6, `${count}/${of} high ${share.high}`);
    assert.equal(share.share, count / of);
  }
  assert.equal(wilson(0, 0), null);
});
