import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LimitExceeded } from "../errors.js";
import { createAlarm } from "./alarm.js";

const step = (number: number, loss: number, gradNorm = 1) => ({
  step: number,
  loss,
  gradNorm,
  learningRate: 2e-4,
});

describe("the alarm", () => {
  test("a loss that falls, or jumps for a few steps, is none of its business", () => {
    const alarm = createAlarm(1000);
    for (let at = 1; at <= 100; at += 1) alarm(step(at, at % 10 === 0 ? 20 : 4 - at / 50));
  });

  test("a loss above that of a model that knows nothing ends training, with advice", () => {
    const alarm = createAlarm(1000);
    for (let at = 1; at <= 9; at += 1) alarm(step(at, 4));
    assert.throws(
      () => {
        for (let at = 10; at <= 30; at += 1) alarm(step(at, 9));
      },
      (error) => {
        assert.ok(error instanceof LimitExceeded);
        assert.match(
          error.message,
          /^train step 1\d: the loss has grown to 7\.\d\d \(at most 6\.91\) at learning rate 0\.000200\. Start with --fresh --learning-rate 0\.00005\.$/,
        );
        return true;
      },
    );
  });

  test("a loss or a gradient that is not a number ends it at once", () => {
    assert.throws(() => createAlarm(1000)(step(1, NaN)), /train step 1: loss or gradient is not a number/);
    assert.throws(() => createAlarm(1000)(step(1, 4, Infinity)), LimitExceeded);
  });
});
