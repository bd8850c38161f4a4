import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { dialogue, folder, imported, root } from "../../test/chat-exports.js";
import { weflow, type WeflowMessage } from "../../test/weflow-export.js";
import type { Question } from "../progress.js";
import { importChats } from "./import-chats.js";
import type { Message } from "./message.js";
import { importSettings } from "./settings.js";

const NOON = 1_714_550_400;

const CHAT: WeflowMessage[] = [
  { id: "700001", own: false, time: NOON, text: "到了没" },
  { id: "700002", own: true, time: NOON + 5, text: "快了" },
  { id: "700003", own: true, time: NOON + 5, text: "快了" },
  { id: "700004", own: false, time: NOON + 70, text: "好", answers: "700002" },
];

/** Times and words, the owner's marked. */
function said(messages: readonly Message[]): string[] {
  return messages.map(
    ({ time, owner, text }) => `${time === null ? "-" : time - NOON} ${owner ? ">" : "<"} ${text}`,
  );
}

const bytes = async (out: string): Promise<string> => readFile(join(out, "messages.jsonl"), "utf8");

test("a chat by two tools gives each message once, with the ids, links and words of the fuller export", async () => {
  const csv = [
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender",
    `1,1,1,0,0,${NOON},,到了没 ,2024-05-01 16:00:00,小满,小满,wxid_demo1`,
    `2,1,1,0,1,${NOON + 5},,快了,2024-05-01 16:00:05,小满,小满,wxid_me0`,
    `3,1,1,0,1,${NOON + 5},,快了,2024-05-01 16:00:05,小满,小满,wxid_me0`,
    `4,1,1,0,0,${NOON + 90},,只有这里,2024-05-01 16:01:30,小满,小满,wxid_demo1`,
  ].join("\n");
  const files = {
    "weflow/私聊_小满.json": weflow(CHAT),
    "小满(wxid_demo1)/小满.csv": Buffer.from(csv),
  };
  const { report, messages } = await imported(await folder(files));
  assert.deepEqual(said(messages), ["0 < 到了没", "5 > 快了", "5 > 快了", "70 < 好", "90 < 只有这里"]);
  assert.equal(messages[3]!.replyTo, messages[1]!.id);
  assert.deepEqual(
    messages.map(({ source }) => source),
    ["weflow-json", "weflow-json", "weflow-json", "weflow-json", "memotrace-v2-csv"],
  );
  assert.deepEqual([report.read, report.messages, report.duplicates], [8, 5, { dialogues: 0, messages: 3 }]);
  assert.deepEqual(
    report.contacts.map(({ contact, messages }) => [contact, messages]),
    [["小满", 5]],
  );
  assert.deepEqual(report.kinds, { text: 5 });
  assert.deepEqual(report.span, { first: "2024-05-01T08:00:00.000Z", last: "2024-05-01T08:01:30.000Z" });
  assert.equal(new Set(messages.map(({ id }) => id)).size, 5);
});

test("exported later with more messages: the old keep their ids, and the later words of an edited one win", async () => {
  const first = await imported(await folder({ "小满.json": weflow(CHAT) }));
  const later = [
    ...CHAT.slice(0, 3),
    { ...CHAT[3]!, text: "好的" },
    { id: "700005", own: true, time: NOON + 4000, text: "到家了" },
  ];
  const both = await imported(await folder({ "小满.json": weflow(CHAT), "newer/小满.json": weflow(later) }));
  assert.deepEqual(said(both.messages), ["0 < 到了没", "5 > 快了", "5 > 快了", "70 < 好的", "4000 > 到家了"]);
  assert.deepEqual(
    both.messages.slice(0, 4).map(({ id }) => id),
    first.messages.map(({ id }) => id),
  );
});

test("an export that knows only minutes adds what it alone has, in its place", async () => {
  const fine = [
    "[01/05/2024, 13:55:07] Ana: lunch?",
    "[01/05/2024, 13:55:40] Ze: yes",
    "[01/05/2024, 13:56:30] Ana: ok",
  ];
  const coarse = [
    "01/05/2024, 13:55 - Ana: lunch?",
    "01/05/2024, 13:55 - Ze: yes",
    "01/05/2024, 13:57 - Ana: where",
  ];
  const { messages, report } = await imported(
    await folder({
      "ios/WhatsApp Chat - Ana/_chat.txt": Buffer.from(fine.join("\r\n")),
      "WhatsApp Chat with Ana.txt": Buffer.from(coarse.join("\n")),
    }),
    { owner: "Ze", timeZone: "UTC" },
  );
  assert.deepEqual(
    messages.map(({ time, owner, text }) => [
      new Date(1000 * time!).toISOString().slice(14, 19),
      owner,
      text,
    ]),
    [
      ["55:07", false, "lunch?"],
      ["55:40", true, "yes"],
      ["56:30", false, "ok"],
      ["57:00", false, "where"],
    ],
  );
  assert.equal(report.duplicates.messages, 2);
});

test("a training dialogue of messages that are there with their times is a duplicate; another is none", async () => {
  const { messages, report } = await imported(
    await folder({
      "小满.json": weflow(CHAT),
      "小满(wxid_demo1)/小满_train.json": [dialogue("到了没", "快了，快了"), dialogue("好久不见", "是啊")],
    }),
  );
  assert.deepEqual(said(messages).slice(4), ["- < 好久不见", "- > 是啊"]);
  assert.deepEqual(report.duplicates, { dialogues: 1, messages: 2 });
});

test("a group: who is addressed, and whose reply it is", async () => {
  const lin: [string, string] = ["wxid_demo1", "Lin"];
  const bo: [string, string] = ["wxid_bo", "Bo"];
  const chat: WeflowMessage[] = [
    { id: "1", own: true, time: NOON, text: "周六去不去" },
    { id: "2", own: false, time: NOON + 1, text: "去", answers: "1", by: lin },
    { id: "3", own: false, time: NOON + 1, text: "去", by: bo },
    { id: "4", own: false, time: NOON + 9, text: "@阿泽 几点", by: bo },
    { id: "5", own: false, time: NOON + 20, text: "@阿泽先生 几点", by: bo },
  ];
  const { messages } = await imported(
    await folder({ "群聊.json": weflow(chat, { group: true, name: "爬山群" }) }),
  );
  assert.ok(messages.every(({ group, contact }) => group === true && contact === "爬山群"));
  assert.deepEqual(
    messages.map(({ toOwner }) => toOwner ?? false),
    [false, true, false, true, true],
  );
  assert.equal(messages[1]!.replyTo, messages[0]!.id);
});

test("two contacts of one name keep their ids; the same id under two names is one contact", async () => {
  const { report } = await imported(
    await folder({
      "a.json": weflow(CHAT, { id: "wxid_a", name: "June" }),
      "b.json": weflow([{ own: false, time: NOON, text: "hi" }], { id: "wxid_b", name: "June" }),
      "c.json": weflow([{ own: false, time: NOON, text: "yo" }], { id: "wxid_c", name: "Hal" }),
      "d.json": weflow([...CHAT], { id: "wxid_c", name: "Hal B" }),
    }),
  );
  assert.deepEqual(
    report.contacts.map(({ contact }) => contact),
    ["Hal B", "June(wxid_a)", "June(wxid_b)"],
  );
});

/** WhatsApp's text on Android. */
function whatsapp(...lines: string[]): Buffer {
  return Buffer.from(lines.map((line, at) => `01/05/2024, 13:5${at} - ${line}\n`).join(""));
}

test("an owner whom no export marks is asked for once, the best guess first, and remembered", async () => {
  const home = await folder({
    "WhatsApp Chat with Lunch.txt": whatsapp("Ana: lunch?", "Ze: yes", "Ana: ok", "Cy: me too"),
    "WhatsApp Chat with Book club.txt": whatsapp("Bo: hi", "Ze: hey", "Di: sorry", "Bo: bye"),
    "WhatsApp Chat with Trip.txt": whatsapp("Bo: one", "Ze: two", "Ana: three", "Cy: four"),
  });
  const questions: Question[] = [];
  const remembered: string[] = [];
  const asking = {
    ask: async (question: Question) => {
      questions.push(question);
      return question.candidates[0]!.answer;
    },
  };
  const out = join(root, "asked");
  const settings = importSettings.parse({ timeZone: "UTC" });
  const remember = async ({ owner = "" }: { owner?: string }) => void remembered.push(owner);
  const report = await importChats({ inputs: [home], out }, settings, asking, remember);
  assert.deepEqual(report.owner, { name: "Ze", how: "asked", otherNames: {} });
  assert.equal(questions.length, 1);
  assert.match(questions[0]!.candidates[0]!.evidence, /^in 3 of 3 chats, 3 messages$/);
  assert.deepEqual(remembered, ["Ze"]);
  const again = join(root, "told");
  await importChats({ inputs: [home], out: again }, importSettings.parse({ timeZone: "UTC", owner: "Ze" }));
  assert.equal(await bytes(again), await bytes(out));
});

test("without anybody to ask there is one line that names no person, and nothing is read again afterwards", async () => {
  const group = ["Bo: one", "Ze: two", "Ana: three", "Cy: four"];
  const home = await folder({
    "WhatsApp Chat with Trip.txt": Buffer.from(group.map((line) => `01/05/2024, 13:50 - ${line}\n`).join("")),
  });
  const out = join(root, "nobody");
  const names = /Bo|Ze|Ana|Cy|Trip/;
  const settings = importSettings.parse({});
  await assert.rejects(importChats({ inputs: [home], out }, settings), (error: Error) => {
    assert.match(
      error.message,
      /^import owner: 1 file does not mark which sender is you \(WhatsApp\)\. Say it with --owner /,
    );
    assert.ok(!names.test(error.message.replace("--owner", "")));
    return true;
  });
  await assert.rejects(
    importChats({ inputs: [home], out }, { ...settings, owner: "Someone" }),
    /nobody there has a name or id that --owner gives/,
  );
  const opened: string[] = [];
  const onProgress = ({ unit, done }: { unit: string; done: number }) => void opened.push(`${unit} ${done}`);
  const report = await importChats({ inputs: [home], out }, { ...settings, owner: "Ze" }, { onProgress });
  assert.equal(report.owner.how, "setting");
  assert.equal(
    opened.filter((line) => line.startsWith("bytes")).length,
    1,
    "the segment was taken as it was",
  );
});

const anyChat = fc
  .array(
    fc.record({
      own: fc.boolean(),
      gap: fc.nat(3),
      text: fc.constantFrom("好", "好的", "在吗", "[捂脸]", " 好", "a\tb\nc"),
      answers: fc.nat(30),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((list) => {
    let time = NOON;
    return list.map(({ own, gap, text, answers }, at): WeflowMessage => {
      time += [0, 1, 7, 100][gap]!;
      const answered = answers < at ? { answers: `70${answers}` } : {};
      return { id: `70${at}`, own, time, text, ...answered };
    });
  });

test("whatever way an export is split in two, and in whatever order files come, the bytes are the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyChat, fc.nat(30), fc.nat(6), fc.boolean(), async (chat, cut, overlap, turned) => {
      const at = Math.min(cut, chat.length);
      const parts = [chat.slice(0, at), chat.slice(Math.max(0, at - overlap))];
      // Of parts within one minute nothing but the names of the files tells the order.
      const oneMinute = parts.every((part) => part.length > 0 && part[0]!.time === part.at(-1)!.time);
      const names = turned && !oneMinute ? ["b.json", "a.json"] : ["a.json", "b.json"];
      const whole = await imported(await folder({ "whole.json": weflow(chat) }));
      const home = await folder({ [names[0]!]: weflow(parts[0]!), [names[1]!]: weflow(parts[1]!) });
      const split = await imported(names.map((name) => join(home, name)));
      const turnedRound = await imported(names.toReversed().map((name) => join(home, name)));
      assert.equal(await bytes(split.out), await bytes(whole.out));
      assert.equal(await bytes(turnedRound.out), await bytes(whole.out));
      assert.equal(split.report.read - split.report.duplicates.messages, chat.length);
    }),
    { numRuns: 60 },
  );
});

test("two thousand small files", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 2000 }, (_, at) => [
      `${at % 100}/${at}.json`,
      weflow([{ id: `9${at}`, own: at % 2 === 0, time: NOON + at, text: `${at}` }], {
        id: `wxid_${at % 50}`,
        name: `n${at % 50}`,
      }),
    ]),
  );
  const { report, messages } = await imported(await folder(files));
  assert.deepEqual([report.messages, report.contacts.length], [2000, 50]);
  assert.ok(
    messages.every(
      (one, at) =>
        at === 0 || messages[at - 1]!.contact !== one.contact || messages[at - 1]!.time! < one.time!,
    ),
  );
});

test("names that could lead out of a folder or break a line stay names", async () => {
  const name = '../../up"\n\u202eevil\\';
  const { messages, report } = await imported(await folder({ "a.json": weflow(CHAT, { name }) }));
  assert.ok(messages.every(({ contact }) => contact === name.trim()));
  assert.equal(report.contacts.length, 1);
});

test("a damaged segment is made again", async () => {
  const home = await folder({ "小满.json": weflow(CHAT) });
  const out = join(root, "damaged");
  const stop = new AbortController();
  const run = { signal: stop.signal, onProgress: () => stop.abort(new Error("stop")) };
  await assert.rejects(importChats({ inputs: [home], out }, importSettings.parse({}), run), /stop/);
  const [segment] = await readdir(join(out, "import.spool"));
  await writeFile(join(out, "import.spool", segment!), "x");
  await importChats({ inputs: [home], out }, importSettings.parse({}));
  assert.equal(await bytes(out), await bytes((await imported(home)).out));
});
