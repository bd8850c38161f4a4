import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addNeftune, fillDropout, sampleKey, tokenKey } from "./noise.js";

const WIDTH = 512;
const keys = Uint32Array.from({ length: 256 }, (_, position) => tokenKey(sampleKey(3, 1, 0), position));

function maskOf(rate: number, stream = 5): Float32Array {
  const mask = new Float32Array(keys.length * WIDTH);
  fillDropout(mask, keys, stream, rate);
  return mask;
}

/** Standard errors of a mean of 131,072 draws, five of which no fair draw exceeds. */
const FIVE_ERRORS = 5 / Math.sqrt(keys.length * WIDTH);
const correlation = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, at) => sum + Math.sign(value - 0.5) * Math.sign(b[at]! - 0.5), 0) / a.length;

describe("dropout's masks", () => {
  test("leave out their share, and what is kept grows so that the mean stays", () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const mask = maskOf(rate);
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      assert.ok(Math.abs(dropped - rate) < FIVE_ERRORS, `${dropped}`);
      const kept = mask.find((value) => value !== 0)!;
      assert.ok(Math.abs(kept * (1 - rate) - 1) < 1e-4);
      assert.ok(mask.every((value) => value === 0 || value === kept));
    }
  });

  test("are the same for the same place, and unrelated for another layer, token or neighbour", () => {
    const mask = maskOf(0.5);
    assert.deepEqual(maskOf(0.5), mask);
    assert.ok(Math.abs(correlation(mask, maskOf(0.5, 6))) < FIVE_ERRORS);
    for (const shift of [1, 2, WIDTH, WIDTH + 1]) {
      const moved = Float32Array.from(mask, (_, at) => mask[(at + shift) % mask.length]!);
      assert.ok(Math.abs(correlation(mask, moved)) < FIVE_ERRORS, `${shift}`);
    }
  });
});

test("NEFTune's noise is uniform within alpha / √(length · width)", () => {
  const bound = 8 / Math.sqrt(20 * WIDTH);
  const noise = Array.from(keys, (key) => {
    const embedding = new Float32Array(WIDTH);
    addNeftune(embedding, key, 20, 8);
    return [...embedding];
  }).flat();
  assert.ok(noise.every((value) => Math.abs(value) <= bound));
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const square = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
  assert.ok(Math.abs(mean) / bound < FIVE_ERRORS);
  assert.ok(Math.abs(square / bound ** 2 - 1 / 3) < FIVE_ERRORS);
});
