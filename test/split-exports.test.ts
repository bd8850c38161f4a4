import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Persona, readPersona } from "../personas/read.js";
import { writeMemoTraceCsv } from "../personas/write-memotrace-csv.js";
import { writeTelegram } from "../personas/write-telegram.js";
import { writeWhatsapp } from "../personas/write-whatsapp.js";
import { readJsonLines } from "../src/files.js";
import { importChats } from "../src/import/import-chats.js";
import type { Message } from "../src/import/message.js";
import { importSettings } from "../src/import/settings.js";
import { packageRoot } from "../src/project/paths.js";
import { imported, root } from "./chat-exports.js";

const persona = await readPersona(join(packageRoot, "personas", "remy"));
const few: Persona = {
  ...persona,
  contacts: persona.contacts.slice(0, 2),
  sessions: persona.sessions
    .filter(({ contact }) => persona.contacts.slice(0, 2).some(({ name }) => name === contact))
    .slice(0, 40),
};
const SETTINGS = { owner: persona.name, timeZone: "UTC" };

/** A whole export, and its parts where it was cut: both by path within the folder that is imported. */
type Splittable = {
  name: string;
  records: number;
  /** Both parts must be as clear as the whole: a few days of the first twelve of a month leave open which is the month. */
  cuts: { min: number; max: number };
  parts: (cut: number) => Record<string, string>[];
};

async function text(...path: string[]): Promise<string> {
  return readFile(join(root, ...path), "utf8");
}

async function splittables(): Promise<Splittable[]> {
  const [csv, telegram, whatsapp] = ["csv", "telegram", "whatsapp"].map((name) => join(root, "whole", name));
  await writeMemoTraceCsv(few, csv!);
  await writeTelegram(few, telegram!);
  await writeWhatsapp(few, whatsapp!, { system: "ios" });
  const contact = few.contacts[0]!.name;
  const [header, ...rows] = (await text("whole", "csv", contact, `${contact}_utf8.csv`))
    .trimEnd()
    .split("\r\n");
  const chats = JSON.parse(await text("whole", "telegram", "result.json"));
  const chat = chats.chats.list[0];
  const folder = (await readdir(whatsapp!)).find((name) => name.includes(contact))!;
  const said = (await text("whole", "whatsapp", folder, "_chat.txt")).trimEnd().split(/\r?\n/);
  const weflow = {
    weflow: { version: "1.0.3", exportedAt: 1_780_000_000, generator: "WeFlow" },
    session: { wxid: "wxid_demo1", displayName: contact, type: "私聊" },
  };
  const bubbles = few.sessions.filter((one) => one.contact === contact).flatMap((one) => one.bubbles);
  const sent = bubbles.map(({ time, owner, text: content }, at) => ({
    localId: at + 1,
    createTime: time,
    type: "文本消息",
    localType: 1,
    content,
    isSend: Number(owner),
    senderUsername: owner ? "wxid_me0" : "wxid_demo1",
    platformMessageId: `70000000000000${at + 10_000}`,
  }));
  return [
    {
      name: "MemoTrace's CSV",
      records: rows.length,
      cuts: { min: 2, max: rows.length - 2 },
      parts: (cut) =>
        twice(rows, cut, (part) => [header, ...part, ""].join("\r\n"), `${contact}/${contact}_utf8.csv`),
    },
    {
      name: "Telegram",
      records: chat.messages.length,
      cuts: { min: 2, max: chat.messages.length - 2 },
      parts: (cut) => {
        const list: unknown[] = chat.messages;
        return twice(
          list,
          cut,
          (messages) => JSON.stringify({ ...chat, messages }),
          "ChatExport/result.json",
        );
      },
    },
    {
      name: "WhatsApp",
      records: said.length,
      cuts: { min: said.findIndex(isClear) + 1, max: said.findLastIndex(isClear) },
      parts: (cut) => twice(said, cut, (part) => `${part.join("\r\n")}\r\n`, `${folder}/_chat.txt`),
    },
    {
      name: "WeFlow",
      records: sent.length,
      cuts: { min: 2, max: sent.length - 2 },
      parts: (cut) =>
        twice(sent, cut, (messages) => JSON.stringify({ ...weflow, messages }), `${contact}.json`),
    },
  ];
}

/** A list in two, each as a file of its own folder. */
function twice<Value>(
  list: readonly Value[],
  cut: number,
  make: (part: readonly Value[]) => string,
  path: string,
): Record<string, string>[] {
  return [{ [`a/${path}`]: make(list.slice(0, cut)) }, { [`b/${path}`]: make(list.slice(cut)) }];
}

/** Whether a line of WhatsApp's begins with a date that can be read in one way only. */
function isClear(line: string): boolean {
  const [, first, second] = /^\u200E?\[(\d+)\D(\d+)/.exec(line) ?? [];
  return Number(first) > 12 || Number(second) > 12;
}

let folders = 0;

async function importParts(
  parts: Record<string, string>[],
): Promise<{ messages: Message[]; inputs: string[] }> {
  const home = join(root, `split-${(folders += 1)}`);
  const inputs: string[] = [];
  for (const files of parts) {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), content);
      inputs.push(join(home, path.split("/")[0]!));
    }
  }
  return { messages: (await imported(inputs, SETTINGS)).messages, inputs };
}

for (const { name, records, cuts, parts } of await splittables()) {
  test(`${name}: an export in two files gives the same messages as in one, in either order`, async () => {
    // A part of nothing but a head is no export; the whole is the first part then.
    const whole = await importParts([parts(records)[0]!]);
    assert.ok(whole.messages.length > 60);
    await fc.assert(
      fc.asyncProperty(fc.integer(cuts), fc.boolean(), async (cut, turned) => {
        const both = parts(cut);
        const { messages, inputs } = await importParts(turned ? both.toReversed() : both);
        assert.deepEqual(messages, whole.messages);
        // And once more with the whole beside its parts.
        const again = await imported([...inputs, ...whole.inputs], SETTINGS);
        assert.deepEqual(again.messages, whole.messages);
      }),
      { numRuns: 12 },
    );
  });

  test(`${name}: cut anywhere, all that is whole before the cut is kept`, async () => {
    const whole = await importParts([parts(records)[0]!]);
    const [[path, content]] = Object.entries(parts(records)[0]!) as [[string, string]];
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.3, max: 0.99, noNaN: true }), async (share) => {
        const bytes = Buffer.from(content);
        const cut = bytes.subarray(0, Math.floor(share * bytes.length)).toString();
        const { messages } = await importParts([{ [path]: cut }]);
        // The last one may have lost its end.
        assert.deepEqual(messages.slice(0, -1), whole.messages.slice(0, messages.length - 1));
        assert.ok(messages.length >= Math.floor(share * whole.messages.length * 0.8) - 1);
      }),
      { numRuns: 12 },
    );
  });
}

test("all example exports at once: every message that was read is written, merged or left to a sample", async () => {
  const out = join(root, "examples");
  const report = await importChats(
    { inputs: [join(packageRoot, "test/exports")], out },
    importSettings.parse({ timeZone: "UTC" }),
    { ask: async ({ candidates }) => candidates[0]!.answer },
  );
  assert.ok(report.files.length > 60, `${report.files.length} files`);
  assert.equal(report.read, report.messages + report.duplicates.messages + report.notSampled.messages);
  const ids = new Set<string>();
  let count = 0;
  for await (const { id, replyTo } of readJsonLines<Message>(join(out, "messages.jsonl"), "test")) {
    ids.add(id);
    count += 1;
    assert.ok(replyTo === null || /^[0-9a-f]{16}$/.test(replyTo));
  }
  assert.deepEqual([ids.size, count], [report.messages, report.messages]);
});
