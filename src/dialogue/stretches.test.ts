import assert from "node:assert/strict";
import { test } from "node:test";
import { make, reasons, timed, transcripts } from "../../test/transcripts.js";

const HOUR = 3600;

/** The number in a text, which tells what it is about. */
const numberOf = (text: string) => /\d+/.exec(text)![0];

test("a late answer that quotes its question is paired with it", async () => {
  const messages = timed(
    [0, "< which train?", { id: "train" }],
    [5, "< and bring the tent"],
    [3 * HOUR, "> the six o'clock", { replyTo: "train" }],
    [3 * HOUR + 9, "> from platform two"],
    [3 * HOUR + 20, "< thanks"],
    [3 * HOUR + 30, "> sure"],
  );
  assert.deepEqual(await transcripts(messages), [
    ["< which train?", "> the six o'clock\nfrom platform two", "< thanks", "> sure"],
  ]);
  assert.deepEqual(await reasons(messages), ["trailing-user 1"], "the tent only");
});

test("threads that interleave come apart where the owner quotes", async () => {
  const messages = timed(
    [0, "< which train?", { id: "train" }],
    [5, "> hm"],
    [10, "< is it cold there?", { id: "cold" }],
    [20, "> the six o'clock", { replyTo: "train" }],
    [25, "> very cold", { replyTo: "cold" }],
  );
  assert.deepEqual(await transcripts(messages), [
    ["< which train?", "> hm"],
    ["< which train?", "> the six o'clock"],
    ["< is it cold there?", "> very cold"],
  ]);
  assert.deepEqual(await reasons(messages), []);
});

test("quoting what was just asked changes nothing", async () => {
  const messages = timed(
    [0, "< which train?", { id: "train" }],
    [5, "< is it cold there?", { id: "cold" }],
    [10, "> very", { replyTo: "cold" }],
    [15, "> the six o'clock", { replyTo: "train" }],
  );
  assert.deepEqual(await transcripts(messages), [
    ["< which train?\nis it cold there?", "> very\nthe six o'clock"],
  ]);
});

test("an answer that comes too late to be part of the reply keeps its question by the link", async () => {
  const messages = timed(
    [0, "< which train?", { id: "train" }],
    [5, "> let me see"],
    [300, "> the six o'clock", { replyTo: "train" }],
  );
  assert.deepEqual(await transcripts(messages), [
    ["< which train?", "> let me see"],
    ["< which train?", "> the six o'clock"],
  ]);
});

test("the answer to something that is left out is left out", async () => {
  const messages = timed(
    [0, "< [图片]", { id: "picture", kind: "image" }],
    [5, "< dinner at eight"],
    [10, "> lovely light", { replyTo: "picture" }],
    [15, "< so, eight?"],
    [20, "> eight"],
  );
  assert.deepEqual(await transcripts(messages), [["< so, eight?", "> eight"]]);
  assert.deepEqual((await reasons(messages)).sort(), ["answers-left-out 1", "not-text 1", "trailing-user 1"]);
});

test("a link to an own message, to nothing, to a later one or to another contact's is none", async () => {
  for (const replyTo of ["own", "gone", "later", "hers"]) {
    const messages = timed(
      [0, "< hers", { id: "hers", contact: "Ida" }],
      [0, "< hi"],
      [5, "> yo", { id: "own" }],
      [10, "< and?"],
      [15, "> fine", { replyTo }],
      [20, "< good", { id: "later" }],
      [25, "> bye"],
    );
    assert.deepEqual(await transcripts(messages), [["< hi", "> yo", "< and?", "> fine", "< good", "> bye"]]);
  }
});

test("dialogues that share a quoted message, and parts of one session, are on one side", async () => {
  const pairs = Array.from({ length: 120 }, (_, at) => {
    const start = at * 5 * HOUR;
    const word = `${at} ${String.fromCharCode(97 + (at % 26)).repeat(9)}`;
    return timed(
      [start, `< what about ${word}?`, { id: `question ${at}` }],
      [start + 5, `> I think ${word} is fine`],
      [start + 9, "< [图片]", { kind: "image" }],
      [start + 20, `< and after ${word}?`],
      [start + 30, `> then ${word} again`],
      // Two sessions later the owner comes back to it.
      [start + 12 * HOUR, `> about ${word}: no`, { replyTo: `question ${at}` }],
    );
  });
  // All alike, which is beside the point.
  const { dialogues } = await make(pairs.flat(), { restore: ["repeat"] });
  assert.equal(dialogues.length, 360);
  const heldOut = dialogues.filter(({ split }) => split === "heldout");
  assert.ok(heldOut.length >= 30);
  const held = new Set(heldOut.map(({ turns }) => numberOf(turns[0]!.text)));
  for (const { split, turns } of dialogues) {
    assert.equal(split === "heldout", held.has(numberOf(turns[0]!.text)));
  }
});
