import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { scalingFromFactors, ropeFreqs } from "./gguf/rope-freqs.js";
import { parseModelConfig } from "./model-config.js";
import { type Rope, ropeFactors } from "./rope.js";

const GOLDEN = new URL("../../../test/golden/config/transformers-5.json", import.meta.url);
const golden = JSON.parse(await readFile(GOLDEN, "utf8")) as Record<
  string,
  { config: Record<string, unknown>; inverseFrequencies: number[] }
>;

for (const [name, { config, inverseFrequencies }] of Object.entries(golden)) {
  test(`${name}, as transformers 5 saves it, turns as fast as there`, () => {
    const rope = parseModelConfig(config, "test");
    const factors = ropeFactors(rope);
    assert.equal(factors.length, inverseFrequencies.length);
    for (const [pair, expected] of inverseFrequencies.entries()) {
      const ours = rope.ropeTheta ** ((-2 * pair) / rope.headSize) / factors[pair]!;
      // They are computed in float32 there.
      assert.ok(Math.abs(ours / expected - 1) < 1e-6, `pair ${pair}: ${ours}, not ${expected}`);
    }
  });
}

const scaled: [string, Rope][] = [
  ["Llama 3.1", { headSize: 128, ropeTheta: 500_000, ropeScaling: usual(8) }],
  ["Llama 3.2", { headSize: 64, ropeTheta: 500_000, ropeScaling: usual(32) }],
  [
    "another original context",
    { headSize: 64, ropeTheta: 500_000, ropeScaling: { ...usual(16), originalContextTokens: 4096 } },
  ],
  [
    "another upper factor",
    { headSize: 128, ropeTheta: 100_000, ropeScaling: { ...usual(4), highFreqFactor: 6.5 } },
  ],
];
for (const [name, rope] of scaled) {
  test(`the scaling of ${name} is read back from its factors`, () => {
    assert.deepEqual(scalingFromFactors(ropeFreqs(rope), rope), rope.ropeScaling);
  });
}

function usual(factor: number) {
  return { factor, lowFreqFactor: 1, highFreqFactor: 4, originalContextTokens: 8192 };
}

test("factors of 1 are no scaling; factors of another kind are none of Llama 3's", () => {
  const rope = { headSize: 64, ropeTheta: 500_000 };
  assert.equal(scalingFromFactors(new Float32Array(32).fill(1), rope), null);
  assert.equal(scalingFromFactors(new Float32Array(32).fill(4), rope), undefined);
  assert.equal(
    scalingFromFactors(
      Float32Array.from({ length: 32 }, (_, at) => 1 + at / 8),
      rope,
    ),
    undefined,
  );
  assert.equal(
    scalingFromFactors(
      Float32Array.from({ length: 32 }, () => NaN),
      rope,
    ),
    undefined,
  );
  const short = ropeFreqs({ ...rope, headSize: 32, ropeScaling: usual(32) });
  assert.equal(scalingFromFactors(short, rope), undefined);
});
