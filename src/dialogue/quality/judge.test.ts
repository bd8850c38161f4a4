import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../../test/message.js";
import type { Message } from "../../import/message.js";
import { makeDialogues } from "../make-dialogues.js";
import { type DialogueSettings, dialogueSettings } from "../settings.js";

const DAY = 86_400;

/** One exchange a day; the question and the answer. */
function days(count: number, words: (day: number) => [string, string], contact = "June"): Message[] {
  return Array.from({ length: count }, (_, day) => {
    const [question, answer] = words(day);
    return [
      message({ contact, time: day * DAY, text: question }),
      message({ contact, time: day * DAY + 9, text: answer, owner: true }),
    ];
  }).flat();
}

async function make(messages: Message[], settings: Partial<DialogueSettings> = {}) {
  const made = await makeDialogues(messages, dialogueSettings.parse(settings));
  const counts: Record<string, number> = {};
  for (const { reason, messageIds } of made.ledger)
    counts[reason] = (counts[reason] ?? 0) + messageIds.length;
  return { ...made, counts };
}

const LONG = "you will not believe what the man with the red bicycle told me at the station this morning";

test("each rule leaves its mark in the ledger, and can be switched off by its word", async () => {
  const cases: [Message[], Partial<DialogueSettings>, string, number][] = [
    [days(20, () => [LONG, "no way, tell me everything about it right now"]), {}, "repeat", 38],
    [days(400, (day) => [`q ${day}`, `a ${day}`]), { newestMonths: 6 }, "too-old", 434],
    [days(9, (day) => [`q ${day}`, day === 4 ? "锟斤拷" : `a ${day}`]), {}, "gibberish", 1],
    [
      [
        ...days(30, (day) => [`q ${day}`, `a ${day}`]),
        ...days(5, (day) => [`Q ${day}`, `A ${day}`], "Ada"),
        ...days(5, (day) => [`k ${day}`, `l ${day}`], "Bo"),
      ],
      { contactShare: 0.5 },
      "contact-share",
      40,
    ],
  ];
  for (const [messages, settings, rule, count] of cases) {
    const { counts, dialogues } = await make(messages, settings);
    assert.equal(counts[rule], count, rule);
    const all = await make(messages, { ...settings, restore: [rule] });
    assert.equal(all.counts[rule], undefined, rule);
    assert.ok(all.dialogues.length > dialogues.length || rule === "gibberish");
  }
});

test("a sample is about as large as asked for, even over contacts, in the ledger, and the same for the same seed", async () => {
  const messages = [
    ...days(90, (day) => [`q ${day}`, `a ${day}`]),
    ...days(4, (day) => [`Q ${day}`, `A ${day}`], "Ada"),
    ...days(60, (day) => [`k ${day}`, `l ${day}`], "Bo"),
  ];
  const { dialogues, counts } = await make(messages, { sample: 30 });
  const of = (contact: string) => dialogues.filter((dialogue) => dialogue.contact === contact).length;
  assert.deepEqual([of("June"), of("Ada"), of("Bo")], [13, 4, 13]);
  assert.equal(counts["not-sampled"], 2 * (154 - 30));
  const ids = dialogues.map(({ id }) => id);
  const again = await make(messages.toReversed(), { sample: 30 });
  assert.deepEqual(new Set(again.dialogues.map(({ id }) => id)), new Set(ids));
  const other = await make(messages, { sample: 30, seed: 2 });
  assert.notDeepEqual(new Set(other.dialogues.map(({ id }) => id)), new Set(ids));
  assert.equal((await make(messages, { sample: 200 })).dialogues.length, 154);
});

test("a single dialogue comes back by its id or by that of one of its messages", async () => {
  const messages = days(20, () => [LONG, "no way, tell me everything about it right now"]);
  const { ledger } = await make(messages);
  const [entry] = ledger.filter(({ reason }) => reason === "repeat");
  const back = await make(messages, { restore: [entry!.messageIds[0]!] });
  assert.equal(back.counts["repeat"], 36);
  assert.equal(back.dialogues.length, 2);
});

test("a frequent short reply stays where it is, without loss, and the change is noted", async () => {
  const messages = days(60, (day) => [`what about ${day}?`, day % 2 ? "好的" : `a ${day}`]);
  const { dialogues, changes, counts } = await make(messages);
  const said = dialogues.flatMap(({ turns }) => turns.filter(({ text }) => text === "好的"));
  assert.equal(said.length, 30);
  assert.equal(said.filter(({ weight }) => weight === 1).length, 8);
  assert.equal(changes.length, 22);
  assert.ok(changes.every(({ reason, changed }) => reason === "frequent-reply" && changed === true));
  assert.deepEqual(counts, {});
  assert.equal((await make(messages, { restore: ["frequent-reply"] })).changes.length, 0);
});

test("what cannot be restored is refused in the words of the setting", () => {
  assert.throws(
    () => dialogueSettings.parse({ restore: ["trailing-user"] }),
    /neither an id nor one of not-text/,
  );
  assert.deepEqual(dialogueSettings.parse({ restore: ["0123456789abcdef"] }).restore, ["0123456789abcdef"]);
});

test("a badly judged dialogue is left out only where the setting asks, and never for being short", async () => {
  const messages = days(20, (day) => [
    `what about ${day}?`,
    day < 10 ? "no" : `the answer for day ${day} is long`,
  ]);
  const { dialogues } = await make(messages);
  const scores = new Map(dialogues.map(({ id }, at) => [id, at % 2 === 0 ? 2 : 4]));
  const count = async (leastScore: number): Promise<number> => {
    const beside = { dropped: new Set<string>(), protectText: (text: string) => text, scores };
    const made = await makeDialogues(messages, dialogueSettings.parse({ leastScore }), {}, beside);
    return made.ledger.filter(({ reason }) => reason === "low-score").length;
  };
  assert.deepEqual([await count(0), await count(3), await count(5)], [0, 5, 10]);
});
