import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { packRun, splitRuns } from "./pack.js";
import type { Sample } from "./sample.js";
import { showSamples } from "./show.js";

/** A sample of a length whose tokens are told apart from those of others; every third carries loss, and the last. */
function sample(length: number, first: number): Sample {
  return {
    dialogueId: String(first),
    ids: Int32Array.from({ length }, (_, at) => first + at),
    weights: Float32Array.from({ length }, (_, at) =>
      at > 0 && (at % 3 === 0 || at === length - 1) ? 1 : 0,
    ),
    replies: 1,
  };
}

const lengths = fc.array(fc.integer({ min: 2, max: 300 }), { minLength: 1, maxLength: 20 });
const samplesOf = (all: number[]) => all.map((length, at) => sample(length, 1000 * at));

describe("packed runs", () => {
  test("what is shown of a run is what went in", () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const samples = samplesOf(all);
        const shown = showSamples(packRun(samples), String);
        assert.deepEqual(
          shown.map((tokens) => tokens.map(({ id, weight }) => [id, weight])),
          samples.map(({ ids, weights }) => Array.from(ids, (id, at) => [id, weights[at]])),
        );
      }),
    );
  });

  test("places and tokens are each other's inverse, and a sample's places lie side by side", () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const { ids, positions, places, tokens, owners, bins, binLength } = packRun(samplesOf(all));
        assert.equal(owners.length, bins * binLength);
        assert.equal(new Set(places).size, ids.length);
        places.forEach((place, token) => {
          assert.equal(tokens[place], token);
          if (positions[token] === 0) return;
          assert.equal(place, places[token - 1]! + 1);
          assert.equal(owners[place], owners[place - 1]);
          assert.notEqual(place % binLength, 0);
        });
        assert.equal(owners.filter((owner) => owner >= 0).length, ids.length);
      }),
    );
  });

  test("short samples share bins", () => {
    const { bins, binLength, ids } = packRun(samplesOf([61, 33, 33, 65, 61, 100]));
    assert.equal(ids.length, 347);
    assert.ok(bins * binLength <= 480, `${bins} bins of ${binLength}`);
  });

  test("runs keep to the limit, hold everything once, and are about equally long", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 300, max: 1000 }), (all, runTokens) => {
        const samples = samplesOf(all);
        const runs = splitRuns(samples, runTokens);
        const sizes = runs.map((members) => members.reduce((sum, { ids }) => sum + ids.length - 1, 0));
        for (const size of sizes) assert.ok(size <= runTokens);
        assert.deepEqual(
          runs
            .flat()
            .map(({ dialogueId }) => dialogueId)
            .sort(),
          samples.map(({ dialogueId }) => dialogueId).sort(),
        );
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 300);
      }),
    );
  });
});
