import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { epochsFor } from "./equal-steps.js";
import { planSteps } from "./plan.js";
import type { Sample } from "./sample.js";

function samplesOf(replies: readonly number[]): Sample[] {
  const one = { ids: new Int32Array(2), weights: new Float32Array(2) };
  return replies.map((count, at) => ({ dialogueId: String(at), ...one, replies: count }));
}

test("other samples are trained on for exactly as many steps", () => {
  const replies = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(replies, fc.integer({ min: 1, max: 60 }), fc.nat(99), (counts, steps, seed) => {
      const samples = samplesOf(counts);
      const settings = { seed, batchReplies: 7, evalsPerEpoch: 2 };
      const epochs = epochsFor(samples, settings, steps);
      assert.equal(planSteps(samples, { ...settings, epochs }).steps.length, steps);
    }),
  );
});
