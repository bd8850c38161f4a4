import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseScript, type Persona } from "../../personas/read.js";
import { type Generation, writeMemoTrace } from "../../personas/write-memotrace.js";
import { dialogue, folder, imported, root, spoken, withSystem } from "../../test/chat-exports.js";
import { type KouwenError, MalformedInput, Unsupported } from "../errors.js";
import { importChats } from "./import-chats.js";
import type { Message } from "./message.js";
import { importSettings } from "./settings.js";

const SCRIPT = `== 2025-03-04 19:22 | June
< hello
< are you there
> yes
> just woke up
< breakfast then
> five minutes
== 2025-03-05 08:00 | June
< coffee or tea today
> tea
> always tea
< milk
> no thanks
== 2025-03-05 09:00 | Hal
< can you open up tomorrow
> sure thing
> what time
< nine
> ok boss`;

const persona: Persona = {
  name: "Remy",
  language: "en",
  contacts: [
    { name: "June", system: "You are Remy. You are texting your sister June." },
    { name: "Hal", system: "You are Remy. You are texting Hal." },
  ],
  habits: [],
  planted: [],
  sessions: parseScript(SCRIPT, "script"),
};

test("every generation of MemoTrace gives the same words, contacts and owner", async () => {
  const expected: string[] = [];
  for (const generation of ["v2", "v2-plain", "v3-chatglm3", "v3-glm4", "v3-alpaca"] as Generation[]) {
    const home = join(root, generation);
    await writeMemoTrace(persona, home, { generation });
    const { report, messages } = await imported(home);
    const words = spoken(messages);
    if (expected.length === 0) expected.push(...words);
    assert.deepEqual(words, expected, generation);
    assert.equal(words.length, 3 + 6 * 2);
    assert.deepEqual(report.owner, { name: "Remy", how: "system-prompt", otherNames: {} });
    assert.deepEqual(
      report.contacts.map(({ contact }) => contact),
      ["Hal", "June"],
    );
    assert.equal(report.dialogues, 3);
    assert.equal(report.duplicates.dialogues, generation.startsWith("v2") ? 3 : 0);
    assert.deepEqual([report.problems, report.skipped], [[], []]);
  }
});

test("the report stands in import.json", async () => {
  const { out, report } = await imported(await folder({ "June.json": talk("a", 2) }));
  assert.deepEqual(JSON.parse(await readFile(join(out, "import.json"), "utf8")), report);
});

test("a message has its place, owner and id", async () => {
  const { messages } = await imported(
    await folder({ "June/train.json": [withSystem("你是阿泽，在聊天。", "在吗", "在")] }),
  );
  const [system, question, reply] = messages as [Message, Message, Message];
  assert.match(system.id, /^[0-9a-f]{16}$/);
  assert.deepEqual(
    { ...system, id: "", session: "" },
    {
      id: "",
      source: "memotrace-json",
      contact: "June",
      session: "",
      sender: "",
      owner: false,
      time: null,
      kind: "system-prompt",
      text: "你是阿泽，在聊天。",
      originalType: null,
      replyTo: null,
    },
  );
  assert.deepEqual([question.sender, question.owner, question.text], ["June", false, "在吗"]);
  assert.deepEqual([reply.sender, reply.owner, reply.text], ["阿泽", true, "在"]);
  assert.equal(new Set(messages.map(({ session }) => session)).size, 1);
});

test("the other way of exporting, the merged file and train next to dev add nothing twice", async () => {
  const long = dialogue("shall we take the early train on saturday", "only if you bring the coffee");
  const { report, messages } = await imported(
    await folder({
      "June(wxid_a)/June.json": [long, dialogue("ok?", "ok"), dialogue("hi", "yo")],
      "June(wxid_a)/June(1).json": [dialogue("hi", "yo"), long, dialogue("new", "newer")],
      "Hal/Hal_train.json": [dialogue("hi", "yo")],
      "Hal/Hal_dev.json": [dialogue("hi", "yo"), long],
      "small_train.json": [
        dialogue("hi", "yo"),
        dialogue("hi", "yo"),
        long,
        dialogue("ok?", "ok"),
        dialogue("lost", "found"),
      ],
    }),
  );
  assert.deepEqual(spoken(messages), [
    "Hal < hi",
    "Hal < shall we take the early train on saturday",
    "Hal > only if you bring the coffee",
    "Hal > yo",
    "June < hi",
    "June < new",
    "June < ok?",
    "June > newer",
    "June > ok",
    "June > yo",
    "unknown < lost",
    "unknown > found",
  ]);
  assert.equal(report.duplicates.dialogues, 8);
  const given = report.files.map(({ dialogues, duplicates }) => dialogues + duplicates.dialogues);
  assert.deepEqual(
    given.sort((a, b) => a - b),
    [1, 2, 3, 3, 5],
  );
});

test("what a person says again in the same export stays", async () => {
  const again = [dialogue("hi", "yo"), dialogue("hi", "yo")];
  const home = await folder({
    "June_train.json": again,
    "June_dev.json": [dialogue("hi", "yo")],
    "merged.json": again,
  });
  const { report, messages } = await imported(home);
  assert.equal(messages.length, 4);
  assert.equal(new Set(messages.map(({ id }) => id)).size, 4);
  assert.equal(report.duplicates.dialogues, 3);
});

/** Dialogues that nobody else has. */
function talk(name: string, count: number) {
  return Array.from({ length: count }, (_, at) => dialogue(`${name} ${at}`, "yo"));
}

test("contacts: by file, by folder, with the account where two have one remark, and unknown", async () => {
  const { report } = await imported(
    await folder({
      "Ann_train.json": talk("a", 1),
      "Ben/train.json": talk("b", 1),
      "Cem(wxid_1)/Cem.json": talk("c1", 1),
      "Cem(wxid_2)/Cem.json": talk("c2", 1),
      "Dee(wxid_3)/Dee(2).json": talk("d", 1),
      "small/small_dev.json": talk("s", 1),
      "train.json": talk("merged", 1),
    }),
  );
  assert.deepEqual(
    report.contacts.map(({ contact }) => contact),
    ["Ann", "Ben", "Cem(wxid_1)", "Cem(wxid_2)", "Dee", "small", "unknown"],
  );
  const single = await folder({ "Eve/dev.json": talk("e", 1) });
  assert.equal((await imported(join(single, "Eve", "dev.json"))).report.contacts[0]!.contact, "Eve");
});

test("the owner: the setting wins, the majority of the sentences comes next, else nobody is named", async () => {
  const home = await folder({
    "June_train.json": [
      withSystem("You are Remy. Hi.", "a", "b"),
      withSystem("You are Remy texting June", "c", "d"),
    ],
    "Hal_train.json": [
      withSystem("你是老王，你好", "e", "f"),
      withSystem("You are a helpful assistant.", "g", "h"),
    ],
  });
  const first = await imported(home);
  assert.deepEqual(first.report.owner, { name: "Remy", how: "system-prompt", otherNames: { 老王: 1 } });
  const set = await imported(home, { owner: "Ze" });
  assert.deepEqual(set.report.owner, { name: "Ze", how: "setting", otherNames: { Remy: 2, 老王: 1 } });
  assert.ok(set.messages.filter(({ owner }) => owner).every(({ sender }) => sender === "Ze"));
  assert.deepEqual(
    set.messages.map(({ id }) => id),
    first.messages.map(({ id }) => id),
  );
  const nobody = await imported(await folder({ "June_train.json": [dialogue("a", "b")] }));
  assert.deepEqual(nobody.report.owner, { name: null, how: "unknown", otherNames: {} });
});

test("an export with the contact as the one who answers is turned round", async () => {
  const { report, messages } = await imported(
    await folder({ "June(wxid_1)/June.json": [withSystem("You are June. Chat.", "mine", "hers")] }),
  );
  assert.deepEqual(spoken(messages), ["June * You are June. Chat.", "June < hers", "June > mine"]);
  assert.match(report.files[0]!.notes.join(), /turned round/);
});

test("a made-up opening goes, and nothing is joined across it", async () => {
  const { report, messages } = await imported(
    await folder({
      "June.json": [withSystem("You are Remy.", "one", "two", "<begin_chat>five", "five", "six", "seven")],
    }),
  );
  assert.deepEqual(
    messages.map(({ text }) => text),
    ["You are Remy.", "one", "two", "You are Remy.", "five", "six", "seven"],
  );
  assert.equal(new Set(messages.map(({ session }) => session)).size, 2);
  assert.match(report.files[0]!.notes.join(), /^1 made-up <begin_chat> turns were left out$/);
});

test("other people's training files: from and value, parts, a system beside the turns, Alpaca with input", async () => {
  const { messages, report } = await imported(
    await folder({
      "June.json": [
        {
          conversations: [
            { from: "human", value: "a" },
            { from: "gpt", value: "b" },
          ],
          system: "s",
        },
        {
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text: "c" },
                { type: "text", text: "d" },
              ],
            },
            { role: "assistant", content: "e" },
          ],
        },
        { instruction: "f", input: "g", output: "h" },
      ],
    }),
  );
  assert.deepEqual(
    messages.map(({ text }) => text),
    ["s", "a", "b", "c\nd", "e", "f\ng", "h"],
  );
  assert.deepEqual(report.problems, []);
});

test("nothing to import is one error that says what to do, and leaves an earlier import alone", async () => {
  const out = join(root, "earlier");
  const settings = importSettings.parse({});
  const good = await folder({ "June.json": [dialogue("a", "b")] });
  await importChats({ inputs: [good], out }, settings);
  const before = await readFile(join(out, "messages.jsonl"), "utf8");
  const cases: [Record<string, unknown> | string, new (...rest: never[]) => KouwenError, RegExp][] = [
    [{}, MalformedInput, /^import chats: the folder is empty\. Put exported chats/],
    [join(root, "nowhere"), MalformedInput, /^import nowhere: no such file or folder\. Check the path/],
    [
      { "a.txt": Buffer.from("hello") },
      Unsupported,
      /no chat export in 1 file \(chats\/a\.txt: no known chat format\)\. Known are exports of .*WeChat/,
    ],
    [
      { "a_train.json": Buffer.from("secret") },
      MalformedInput,
      /no message in 1 chat file \(chats\/a_train\.json: character 0: not a JSON list/,
    ],
    [
      { "a_train.json": [], "b/train.json": [] },
      MalformedInput,
      /no message in 2 chat files \(.*: an empty list; .*: an empty list\)/,
    ],
  ];
  for (const [files, kind, message] of cases) {
    const input = typeof files === "string" ? files : await folder(files);
    await assert.rejects(importChats({ inputs: [input], out }, settings), (error: Error) => {
      assert.ok(error instanceof kind, error.message);
      assert.match(error.message, message);
      assert.ok(
        !error.message.includes(root) && !error.message.includes("secret") && !error.message.includes("\n"),
      );
      return true;
    });
  }
  assert.equal(await readFile(join(out, "messages.jsonl"), "utf8"), before);
  assert.deepEqual((await readdir(out)).sort(), ["import.json", "messages.jsonl"]);
});

test("a sample is even over contacts, the same by seed, and part of the whole", async () => {
  const home = await folder({ "A.json": talk("a", 3), "B.json": talk("b", 40), "C.json": talk("c", 60) });
  const one = await imported(home, { sample: 23 });
  assert.deepEqual(
    one.report.contacts.map(({ contact, dialogues }) => [contact, dialogues]),
    [
      ["A", 3],
      ["B", 10],
      ["C", 10],
    ],
  );
  assert.deepEqual([one.report.dialogues, one.report.notSampled.dialogues], [23, 80]);
  assert.deepEqual((await imported(home, { sample: 23 })).messages, one.messages);
  assert.notDeepEqual((await imported(home, { sample: 23, seed: 2 })).messages, one.messages);
  const all = new Set((await imported(home)).messages.map(({ id }) => id));
  assert.ok(one.messages.every(({ id }) => all.has(id)));
});

test("stopping keeps the reason and leaves only what the next import goes on with", async () => {
  const home = await folder({ "June.json": Array.from({ length: 50 }, (_, at) => dialogue(`${at}`, "yo")) });
  const out = join(root, "stopped");
  const reason = new Error("enough");
  const abort = new AbortController();
  const onProgress = () => abort.abort(reason);
  await assert.rejects(
    importChats({ inputs: [home], out }, importSettings.parse({}), { signal: abort.signal, onProgress }),
    reason,
  );
  assert.deepEqual(await readdir(out), ["import.spool"]);
  const names = await readdir(join(out, "import.spool"));
  assert.ok(names.length === 1 && /^[0-9a-f]{16}\.segment$/.test(names[0]!));
  await importChats({ inputs: [home], out }, importSettings.parse({}));
  assert.deepEqual((await readdir(out)).sort(), ["import.json", "messages.jsonl"]);
});

test("the order of the inputs, and importing twice, changes nothing", async () => {
  const texts = fc.constantFrom("hi", "ok?", "在吗", "what a long and winding road that was, really");
  const files = fc.dictionary(
    fc.constantFrom("A_train.json", "A_dev.json", "A(1)/train.json", "B.json", "C/dev.json", "merged.json"),
    fc.array(
      fc.tuple(texts, texts).map((pair) => dialogue(...pair)),
      { minLength: 1, maxLength: 6 },
    ),
    { minKeys: 1 },
  );
  await fc.assert(
    fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (content, numbers) => {
      const home = await folder(content);
      const inputs = Object.keys(content).map((name) => join(home, name));
      const whole = await imported(home);
      const mixed = inputs
        .map((input) => ({ input, at: numbers.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ input }) => input);
      const again = await imported(mixed);
      assert.deepEqual((await imported(inputs)).messages, again.messages);
      assert.deepEqual((await imported([home, ...mixed])).messages, whole.messages);
      const { report, messages } = whole;
      assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);
      const given = Object.values(content).reduce((sum, dialogues) => sum + dialogues.length, 0);
      assert.equal(report.dialogues + report.duplicates.dialogues, given);
    }),
    { numRuns: 60 },
  );
});
