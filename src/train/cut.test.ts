import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import { makeSamples } from "./sample.js";

/** One token a character: `[` opens a system text or a turn, `]` ends it. */
function encode({ system, turns }: Dialogue) {
  const text = (system === null ? "" : `[${system}]`) + turns.map(({ text }) => `[${text}]`).join("");
  const weights: number[] = system === null ? [] : Array.from({ length: system.length + 2 }, () => 0);
  for (const { role, text: words, weight } of turns) {
    const own = role === "assistant" ? weight : 0;
    weights.push(0, ...Array.from({ length: words.length + 1 }, () => own));
  }
  return { ids: Array.from(text, (character) => character.charCodeAt(0)), weights };
}

function dialogue(texts: string[], system: string | null = null): Dialogue {
  const turns = texts.map((text, at): Turn => {
    const role = at % 2 === 0 ? "user" : "assistant";
    return { role, text, origin: "real", weight: role === "assistant" ? 1 : 0 };
  });
  return { id: "d", contact: "c", time: null, split: "train", system, turns };
}

/** A sample as text; what carries loss is in capitals. */
function show({ ids, weights }: { ids: Int32Array; weights: Float32Array }): string {
  return Array.from(ids, (id, at) => {
    const character = String.fromCharCode(id);
    if (weights[at] === 0) return character;
    return character === "]" ? "!" : character.toUpperCase();
  }).join("");
}

const samplesOf = (one: Dialogue, maxTokens: number) => makeSamples([one], encode, maxTokens);

describe("samples of a dialogue", () => {
  test("a short one stays whole, up to the last token that carries loss", () => {
    const { samples, counts } = samplesOf(dialogue(["hi", "hey", "and", "bye"], "be"), 100);
    assert.deepEqual(samples.map(show), ["[be][hi][HEY![and][BYE!"]);
    assert.deepEqual([counts.replies, counts.targets, counts.cutDialogues], [2, 8, 0]);
  });

  test("a long one is cut between exchanges; context before them is read, not learnt again", () => {
    const { samples, counts } = samplesOf(
      dialogue(["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"], "s"),
      28,
    );
    assert.deepEqual(samples.map(show), ["[s][aa][BB![cc][DD![ee][FF!", "[s][ee][ff][gg][HH!"]);
    assert.deepEqual([counts.replies, counts.cutDialogues, counts.cutExchanges], [4, 1, 0]);
  });

  test("of an exchange that is too long alone the question loses its start; its reply stays whole", () => {
    const { samples, counts } = samplesOf(dialogue(["abcdefghij", "klm", "no", "pq"], "s"), 14);
    assert.deepEqual(samples.map(show), ["[s][ghij][KLM!", "[s][no][PQ!"]);
    assert.deepEqual([counts.replies, counts.cutExchanges, counts.tooLongReplies], [2, 1, 0]);
  });

  test("a reply beside which nothing of its question fits is left out and counted", () => {
    const { samples, counts } = samplesOf(dialogue(["hi", "abcdefghijk", "no", "pq"], "s"), 14);
    assert.deepEqual(samples.map(show), ["[s][no][PQ!"]);
    assert.deepEqual([counts.replies, counts.cutExchanges, counts.tooLongReplies], [1, 0, 1]);
    const blank = samplesOf(dialogue([`${"x".repeat(20)}  `, "abcdefg"]), 13);
    assert.deepEqual([blank.samples.length, blank.counts.tooLongReplies], [0, 1], "spaces are no question");
  });

  test("turns of weight 0 are context only, and a dialogue of nothing else is counted", () => {
    const silent = dialogue(["hi", "hey", "and", "bye"]);
    silent.turns[1]!.weight = 0;
    assert.deepEqual(samplesOf(silent, 100).samples.map(show), ["[hi][hey][and][BYE!"]);
    silent.turns[3]!.weight = 0;
    const { samples, counts } = samplesOf(silent, 100);
    assert.deepEqual([samples.length, counts.withoutLoss], [0, 1]);
  });

  test("every reply is learnt once and whole, or counted as too long, after the end of what it answers", () => {
    const word = fc.integer({ min: 1, max: 40 }).map((length) => "a".repeat(length));
    const exchanges = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(exchanges, fc.integer({ min: 8, max: 90 }), (pairs, maxTokens) => {
        const texts = pairs.flatMap(([question, reply], at) => [`${question}${at}`, `${reply}${at}`]);
        const { samples, counts } = samplesOf(dialogue(texts, "sys"), maxTokens);
        for (const { ids } of samples) assert.ok(ids.length <= maxTokens);
        const learnt = samples.flatMap((sample) => {
          assert.ok(show(sample).startsWith("[sys]["));
          return [...show(sample).matchAll(/(\d+)\]\[(A+)(\d+)!/g)].map(([, asked, letters, answered]) => {
            // A question that lost its start may have lost digits of its number too.
            assert.ok(answered!.endsWith(asked!));
            return [Number(answered), letters!.length];
          });
        });
        const fits = pairs.flatMap(([, reply], at) =>
          `[sys][${at % 10}][${reply}${at}]`.length <= maxTokens ? [[at, reply.length]] : [],
        );
        assert.deepEqual(learnt, fits);
        assert.equal(counts.replies, fits.length);
        assert.equal(counts.tooLongReplies, pairs.length - fits.length);
        const targets = fits.reduce((sum, [at, length]) => sum + length! + String(at).length + 1, 0);
        assert.equal(counts.targets, targets);
      }),
    );
  });
});
