import assert from "node:assert/strict";
import { test } from "node:test";
import { make, timed } from "../../test/transcripts.js";
import type { Message } from "../import/message.js";
import type { Dialogue } from "./dialogue.js";
import { formatStats } from "./format-stats.js";
import { countStats } from "./stats.js";

async function* each<Value>(values: readonly Value[]): AsyncIterable<Value> {
  yield* values;
}

const hourOf = (time: number) => Math.floor(time / 3600) % 24;

async function statsOf(messages: Message[], more = {}) {
  const { dialogues } = await make(messages, { heldOut: 0 });
  return countStats(each(dialogues), each(messages), { hourOf, ...more });
}

const hal = { contact: "Hal", sender: "Hal" };
const chats = timed(
  [0, "< hi"],
  [5, "> yo 😄😄 [捂脸]"],
  [9, "> 👍🏽 [Smile] [1] ©"],
  [7200, "< so?"],
  [7210, "> k"],
  [10_800, "> you there"],
  [0, "< hello", hal],
  [60, "> 好的 👩‍🚀", hal],
);

test("each contact's numbers and those of all", async () => {
  const { verdict, all, contacts } = await statsOf(chats);
  assert.equal(verdict, "too-little");
  assert.deepEqual(
    contacts.map(({ contact, dialogues, replies, bubblesPerReply }) => [
      contact,
      dialogues.train,
      replies.train,
      bubblesPerReply,
    ]),
    [
      ["June", 2, 2, 1.5],
      ["Hal", 1, 1, 1],
    ],
  );
  assert.deepEqual(contacts[0]!.emoji, [
    { emoji: "😄", count: 2 },
    { emoji: "[Smile]", count: 1 },
    { emoji: "[捂脸]", count: 1 },
    { emoji: "👍🏽", count: 1 },
  ]);
  assert.deepEqual(contacts[1]!.emoji, [{ emoji: "👩‍🚀", count: 1 }]);
  const hours = Array.from({ length: 24 }, () => 0);
  assert.deepEqual(
    contacts[0]!.hours,
    Object.assign([...hours], { 0: 2, 2: 1, 3: 1 }),
    "unanswered ones count too",
  );
  assert.deepEqual(all.hours, Object.assign([...hours], { 0: 3, 2: 1, 3: 1 }));
  assert.deepEqual(contacts[0]!.replyCharacters, { p10: 1, median: 1, p90: 27 });
  assert.equal(all.characters, 27 + 1 + 6);
  assert.equal(all.tokens, null);
});

test("tokens where they can be counted, no hours without times", async () => {
  const untimed = chats.map((one, at) => ({ ...one, session: `s${Math.floor(at / 3)}`, time: null }));
  const { all } = await statsOf(untimed, { countTokens: (text: string) => text.split(/\s/).length });
  assert.equal(all.hours, null);
  assert.equal(all.tokens, 7 + 3 + 2);
});

/** Dialogues of one reply each, three of them held out. */
const many = (count: number): Dialogue[] =>
  Array.from({ length: count }, (_, at) => ({
    id: String(at),
    contact: "June",
    time: null,
    split: at < 3 ? "heldout" : "train",
    system: null,
    turns: [
      { role: "user", text: "hi", origin: "real", weight: 0 },
      { role: "assistant", text: "yo", origin: "real", weight: 1 },
    ],
  }));

test("the verdict follows the replies in training", async () => {
  for (const [count, expected] of [
    [52, "too-little"],
    [53, "little"],
    [1002, "little"],
    [1003, "enough"],
  ] as const) {
    const { verdict } = await countStats(each(many(count)), each([]), { hourOf });
    assert.equal(verdict, expected);
  }
});

test("as text for people: no number is lost, nothing is undefined", async () => {
  const text = formatStats(await statsOf(chats));
  assert.match(text, /^all contacts\n {2}replies {5}3 to train on, 0 held out; in 3 and 0 dialogues\n/);
  assert.match(text, /\n\nJune\n/);
  assert.match(text, /\n {2}hours {7}0 █ +▅▅ + 23\n/);
  assert.match(text, /3 replies to train on: too little: /);
  assert.doesNotMatch(text, /undefined|NaN|null/);
});
