import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planSteps } from "./plan.js";
import type { Sample } from "./sample.js";
import { learningRateAt } from "./schedule.js";

const samples = Array.from({ length: 103 }, (_, at): Sample => ({
  dialogueId: String(at),
  ids: new Int32Array(4),
  weights: new Float32Array(4),
  replies: 1 + (at % 5),
}));
const settings = { seed: 7, epochs: 3, batchReplies: 16, evalsPerEpoch: 4 };

describe("the plan of a training", () => {
  test("every epoch sees every sample once, in an order of its own", () => {
    const { steps } = planSteps(samples, settings);
    const orders = [0, 1, 2].map((epoch) =>
      steps.filter((step) => step.epoch === epoch).flatMap((step) => step.samples),
    );
    for (const order of orders) assert.equal(new Set(order).size, samples.length);
    assert.notDeepEqual(orders[0], orders[1]);
    assert.deepEqual(planSteps(samples, settings).steps, steps);
    assert.notDeepEqual(planSteps(samples, { ...settings, seed: 8 }).steps, steps);
  });

  test("a step holds the replies that were asked for, and at most one dialogue or half a batch more", () => {
    for (const { samples: members } of planSteps(samples, settings).steps) {
      const replies = members.reduce((sum, index) => sum + samples[index]!.replies, 0);
      assert.ok(replies >= 8 && replies < 16 + 5 + 8, `${replies}`);
    }
  });

  test("the held-out loss is measured four times an epoch and at the end", () => {
    const { steps, evaluations } = planSteps(samples, settings);
    assert.equal(evaluations.size, 12);
    assert.ok(evaluations.has(steps.length));
    assert.equal(Math.max(...evaluations), steps.length);
  });

  test("half an epoch is half the steps", () => {
    const whole = planSteps(samples, { ...settings, epochs: 1 }).steps.length;
    assert.equal(planSteps(samples, { ...settings, epochs: 0.5 }).steps.length, Math.round(whole / 2));
  });
});

/** At the first, fifth, tenth, eleventh, middle and last of 100 steps. */
const rates = (schedule: "cosine" | "linear" | "constant") =>
  [0, 4, 9, 10, 55, 99].map((step) =>
    learningRateAt(step, 100, { learningRate: 1, schedule, warmupRatio: 0.1 }).toFixed(3),
  );

test("the learning rate rises, then falls along a cosine, along a line, or stays", () => {
  assert.deepEqual(rates("cosine"), ["0.091", "0.455", "0.909", "1.000", "0.500", "0.000"]);
  assert.deepEqual(rates("linear"), ["0.091", "0.455", "0.909", "1.000", "0.500", "0.011"]);
  assert.deepEqual(rates("constant"), ["0.091", "0.455", "0.909", "1.000", "1.000", "1.000"]);
});
