import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LimitExceeded, Unsupported } from "../../errors.js";
import { TARGETS } from "../../train/lora.js";
import { SHAPES } from "../hub/shapes.js";
import { planTraining } from "./plan-training.js";

const needs = {
  config: SHAPES["qwen2.5:1.5b"]!,
  stored: "float16",
  lora: { rank: 16, alpha: 32, rslora: false, targets: TARGETS },
  longestSample: 200,
} as const;
const wishes = { precision: "auto", memoryGib: 0, longestSample: 200 } as const;
const GIB = 2 ** 30;

const plan = (gib: number, int8 = true, more: Partial<Parameters<typeof planTraining>[1]> = {}) =>
  planTraining(needs, { ...wishes, ...more }, int8, gib * GIB);

describe("plan of a training", () => {
  test("with memory enough: fast or exact by the processor, long runs, everything kept", () => {
    const { precision, runTokens, keptLayers, layers, int8Products } = plan(64);
    assert.deepEqual([precision, runTokens, keptLayers, int8Products], ["fast", 1024, layers, true]);
    assert.equal(plan(64, false).precision, "exact");
    assert.equal(plan(64, false, { precision: "fast" }).int8Products, false);
  });

  test("with less and less memory it keeps less or shortens runs, then rounds the base, then refuses", () => {
    const seen: string[] = [];
    for (let gib = 8; ; gib -= 0.1) {
      try {
        const { precision, peakGib } = plan(gib);
        assert.ok(peakGib <= gib);
        if (seen.at(-1) !== precision) seen.push(precision);
      } catch (error) {
        assert.ok(error instanceof LimitExceeded);
        assert.match(error.message, /needs [\d.]+ GiB \([\d.]+ GiB available\)\. Close other programs/);
        break;
      }
    }
    assert.deepEqual(seen, ["fast", "small"]);
  });

  test("runs hold the longest sample", () => {
    assert.equal(plan(64, true, { longestSample: 3000 }).runTokens, 3000);
    assert.equal(plan(3.6, true, { precision: "small" }).runTokens < 1024, true);
  });

  test("a training that goes on keeps its arithmetic, or is refused", () => {
    const arithmetic = { precision: "small", int8Products: true, runTokens: 512 } as const;
    const { precision, runTokens, int8Products } = plan(64, true, { arithmetic });
    assert.deepEqual({ precision, runTokens, int8Products }, arithmetic);
    assert.throws(() => plan(64, false, { arithmetic }), Unsupported);
  });

  test("advice fits the call", () => {
    assert.throws(() => plan(1, true, { memoryGib: 1 }), /Raise --memory-gib\./);
    assert.throws(() => plan(1, true, { precision: "exact" }), /use --precision small\./);
  });
});
