import assert from "node:assert/strict";
import { test } from "node:test";
import { keepAlive, meansUnload } from "./keep-alive.js";

test("seconds, Go's durations and for ever", () => {
  const cases: [value: unknown, ms: number | undefined][] = [
    [undefined, undefined],
    [null, undefined],
    [0, 0],
    [60, 60_000],
    [1.9, 1000],
    [-1, Infinity],
    [-0.5, Infinity],
    ["-1", Infinity],
    ["30", 30_000],
    ["0", 0],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    [".5s", 500],
    ["250ms", 250],
    ["1000us", 1],
    ["1000\u00b5s", 1],
    ["-2h", Infinity],
    ["+1s", 1000],
  ];
  for (const [value, ms] of cases) assert.equal(keepAlive.parse(value), ms, JSON.stringify(value));
});

test("what is no duration is refused", () => {
  for (const value of ["", "long", "5", "5q", "m", "5 m", "5m ", "--1s", "1e3s", true, [], {}]) {
    const { success } = keepAlive.safeParse(value);
    assert.equal(success, value === "5", JSON.stringify(value));
  }
});

test("less than a second means: unload", () => {
  assert.deepEqual([0, 999, 1000, Infinity, undefined].map(meansUnload), [true, true, false, false, false]);
});
