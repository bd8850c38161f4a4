import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../random.js";
import { logProbability } from "./log-probability.js";
import { sampleToken } from "./sampler.js";

const plain = { temperature: 1, topP: 1, repeatPenalty: 1 };
const logits = Float32Array.from([2, 0.5, -1, 3, -Infinity, 1]);
const DRAWS = 20_000;

/** How often each token is drawn, as shares. */
function shares(sampling: typeof plain, recent: number[] = []): number[] {
  const random = createRandom("shares");
  const counts = Array.from(logits, () => 0);
  for (let draw = 0; draw < DRAWS; draw += 1) counts[sampleToken(logits, recent, sampling, random)]! += 1;
  return counts.map((count) => count / DRAWS);
}

function softmax(values: ArrayLike<number>): number[] {
  const weights = Array.from(values, Math.exp);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function assertClose(found: number[], expected: number[]): void {
  // Five standard deviations of a share of 20,000 draws.
  found.forEach((share, token) =>
    assert.ok(Math.abs(share - expected[token]!) < 0.018, `${found} ${expected}`),
  );
}

describe("sampleToken", () => {
  it("draws by probability", () => {
    assertClose(shares(plain), softmax(logits));
    assertClose(shares({ ...plain, temperature: 2 }), softmax(logits.map((logit) => logit / 2)));
  });

  it("takes the most likely at temperature 0", () => {
    assert.equal(sampleToken(logits, [], { ...plain, temperature: 0 }, createRandom(1)), 3);
    assert.equal(
      sampleToken(logits, [3], { ...plain, temperature: 0, repeatPenalty: 2 }, createRandom(1)),
      0,
    );
  });

  it("keeps the smallest set that reaches topP", () => {
    const [first, second, , top] = softmax(logits);
    const kept = top! + first!;
    assertClose(shares({ ...plain, topP: kept - 0.01 }), [first! / kept, 0, 0, top! / kept, 0, 0]);
    assertClose(shares({ ...plain, topP: 0 }), [0, 0, 0, 1, 0, 0]);
    assert.equal(shares({ ...plain, topP: kept + 0.01 })[1], 0);
    assert.ok(second! > 0);
  });

  it("makes recent tokens less likely, whatever their sign", () => {
    const penalized = [2 / 1.5, 0.5, -1.5, 3, -Infinity, 1];
    assertClose(shares({ ...plain, repeatPenalty: 1.5 }, [0, 2, 2, 4]), softmax(penalized));
  });

  it("leaves the logits alone and repeats itself for a seed", () => {
    const before = [...logits];
    const draw = () =>
      sampleToken(logits, [1], { temperature: 0.7, topP: 0.9, repeatPenalty: 1.2 }, createRandom(5));
    assert.equal(draw(), draw());
    assert.deepEqual([...logits], before);
  });
});

describe("logProbability", () => {
  it("is a distribution, for large logits too", () => {
    const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, (numbers) => {
        const all = Float32Array.from(numbers);
        const sum = numbers.reduce((total, _, token) => total + Math.exp(logProbability(all, token)), 0);
        assert.ok(Math.abs(sum - 1) < 1e-9);
      }),
    );
    assert.equal(logProbability(Float32Array.of(0, 0), 1), -Math.LN2);
  });
});
