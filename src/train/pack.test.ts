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
        const run = packRun(samplesOf(all));
        const { ids, positions, places, tokens, owners, bins, binLength } = run;
        assert.deepEqual(run.sharedPlaces, []);
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

  test("what is shown of samples with one beginning is what went in, and the beginning is one row a token", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), lengths, (common, all) => {
        const samples = all.map((length, at) => {
          const own = sample(length, 1000 * (at + 1));
          return {
            ...own,
            ids: Int32Array.from([...Array.from({ length: common }, (_, id) => id), ...own.ids]),
            weights: Float32Array.from([...new Float32Array(common), ...own.weights]),
          };
        });
        const run = packRun(samples);
        assert.deepEqual(
          showSamples(run, String).map((tokens) => tokens.map(({ id, weight }) => [id, weight])),
          samples.map(({ ids, weights }) => Array.from(ids, (id, at) => [id, weights[at]])),
        );
        const own = all.reduce((sum, length) => sum + length - 1, 0);
        assert.equal(run.ids.length, common + own);
        assert.equal(run.sharedPlaces.length, all.length > 1 ? common : 0);
        run.sharedPlaces.forEach((places, row) => {
          assert.equal(places.length, all.length);
          assert.equal(places[0], run.places[row]);
          for (const place of places) assert.equal(run.tokens[place], row);
        });
      }),
    );
  });

  test("a token that carries loss is never shared", () => {
    const one = { ...sample(9, 0), weights: Float32Array.of(0, 0, 0, 1, 1, 0, 0, 0, 1) };
    const other = { ...sample(9, 0), weights: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1) };
    const { ids, sharedPlaces, targetTokens } = packRun([one, other, one]);
    assert.equal(sharedPlaces.length, 2);
    assert.equal(ids.length, 2 + 3 * 6);
    assert.equal(new Set(targetTokens).size, 7);
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
