import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOptions } from "./answer-options.js";

test("the request has the last word, then the model, then our own settings", () => {
  const { sampling, stop, contextTokens } = answerOptions(
    { temperature: 0.5, top_p: 0.7, stop: ["a"], num_ctx: 2048 },
    { options: { temperature: 0, top_p: null, stop: undefined, seed: 7, num_predict: 12 } },
  );
  assert.deepEqual(sampling, {
    temperature: 0,
    topP: 0.7,
    topK: 40,
    minP: 0,
    repeatPenalty: 1,
    repeatLastN: 64,
    presencePenalty: 0,
    frequencyPenalty: 0,
    maxTokens: 12,
    seed: 7,
  });
  assert.deepEqual(stop, ["a"]);
  assert.equal(contextTokens, 2048);
  const none = answerOptions({}, {});
  assert.equal(none.sampling.temperature, 0.8, "as our models reply everywhere, not 1");
  assert.equal(none.sampling.topP, 0.9);
  assert.equal(none.sampling.maxTokens, Infinity);
  assert.ok(!("contextTokens" in none));
});

test("numbers out of range are the nearest in it, and what is no number says nothing", () => {
  const { sampling } = answerOptions(
    {},
    {
      options: {
        temperature: -3,
        top_p: 9,
        top_k: -1,
        min_p: -1,
        repeat_penalty: -1,
        presence_penalty: 1e9,
        seed: 2 ** 40,
      },
    },
  );
  assert.equal(sampling.temperature, 0);
  assert.equal(sampling.topP, 1);
  assert.equal(sampling.topK, 0);
  assert.equal(sampling.minP, 0);
  assert.equal(sampling.repeatPenalty, 1);
  assert.equal(sampling.presencePenalty, 2);
  assert.equal(sampling.seed, 0);
  assert.equal(answerOptions({}, { options: { temperature: Infinity } }).sampling.temperature, 0.8);
});

test("a new seed each time where none is given", () => {
  const seeds = new Set(
    Array.from({ length: 20 }, () => answerOptions({}, { options: { seed: -1 } }).sampling.seed),
  );
  assert.ok(seeds.size > 10);
  for (const seed of seeds) assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31);
});
