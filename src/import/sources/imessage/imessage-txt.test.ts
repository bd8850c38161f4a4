import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { imessageTxt } from "./imessage-txt.js";

const example = exampleExport("imessage-txt", "Mira Lund.txt");
const named = { name: "Mira Lund", accountId: null };

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(imessageTxt, example)) >= 0.9);
  for (const content of ["May 17, 2024 we went home\n", "17.05.24, 17:29 - Me: on my way\n", ""]) {
    assert.equal(await sniffFile(imessageTxt, { path: "a.txt", content }), 0);
  }
});

test("every message comes once, replies in their place and not as the indented copy", async () => {
  const { messages, problems, owners } = await readSource(imessageTxt, example, { named });
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, ["Me"]);
  assert.deepEqual(
    messages.map(({ sender, kind, text }) => [sender, kind, text]),
    [
      ["Me", "text", "on my way"],
      ["Mira Lund", "text", "ok"],
      ["Mira Lund", "text", "which platform?"],
      ["Mira Lund", "image", "[图片] the board says this"],
      ["Me", "text", "platform 2\nor 3, not sure\n\nsecond paragraph of the copy"],
      ["Me", "text", "see you there"],
      ["", "system", "[系统消息] Mira Lund renamed the conversation to Trains"],
      ["Mira Lund", "recalled", "[撤回]"],
      ["Mira Lund", "recalled", "[撤回]"],
      ["Mira Lund", "text", "happy birthday!"],
      ["Me", "text", "Reactions:\nnone that I like"],
      ["Mira Lund", "voice", "[语音] call me when you are home"],
      ["Me", "link", "[链接] https://example.org/trains\nTrains of the north\nAll departures"],
    ],
  );
  assert.equal(messages[4]!.quoted, "which platform?");
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "Mira Lund", group: false });
});

test("times are the local ones of the 12-hour clock; midnight is hour 0", async () => {
  const { messages } = await readSource(imessageTxt, example, { named });
  const at = (index: number) => new Date(messages[index]!.time! * 1000).toISOString();
  assert.equal(at(0), "2024-05-17T09:29:42.000Z");
  assert.equal(at(9), "2024-05-16T16:05:00.000Z");
});

test("an owner with another name is known by what the others have read", async () => {
  const content =
    "May 17, 2024  5:29:42 PM (Read by them after 1 hour, 2 seconds)\nZe\non my way\n\n" +
    "May 17, 2024  5:31:02 PM (Read by Ze after 8 seconds)\nMira\nok\n\n";
  const { messages, owners } = await readSource(imessageTxt, { path: "Mira.txt", content });
  assert.deepEqual(owners, ["Ze"]);
  assert.deepEqual(
    messages.map(({ owner, conversation }) => [owner, conversation.name]),
    [
      [null, "Mira"],
      [null, "Mira"],
    ],
  );
});

test("CRLF reads the same", async () => {
  const crlf = { ...example, content: String(example.content).replaceAll("\n", "\r\n") };
  assert.deepEqual(
    (await readSource(imessageTxt, crlf, { named })).messages,
    (await readSource(imessageTxt, example, { named })).messages,
  );
});

test("titles with a number, lists of people and third senders are groups", async () => {
  assert.deepEqual(await groups("Ski trip - 12.txt", "Me"), [true]);
  assert.deepEqual(await groups("Mira, Jonas.txt", "Me"), [true]);
  assert.deepEqual(await groups("orphaned.txt", "Me", "Mira", "Me", "Jonas"), [false, false, false, true]);
});

test("what is cut off is one problem, and the rest is kept", async () => {
  const whole = "May 17, 2024  5:29:42 PM\nMe\nhi\n\n";
  const broken = `half a line\nmore\n\n${whole}Feb 31, 2024  5:29:42 PM\nMe\nno\n\nMay 17, 2024  5:31:02 PM\n`;
  const { messages, problems } = await readSource(imessageTxt, { path: "a.txt", content: broken });
  assert.equal(messages.length, 1);
  assert.deepEqual(problems, [
    "line 1: belongs to no date line",
    "line 8: no such date",
    "line 12: a date line without a sender",
  ]);
});

/** Of a greeting by each sender: whether it was said in a group. */
async function groups(path: string, ...senders: string[]): Promise<boolean[]> {
  const lines = senders.map((sender) => `May 17, 2024  5:29:42 PM\n${sender}\nhi\n\n`);
  const { messages } = await readSource(imessageTxt, { path, content: lines.join("") });
  return messages.map(({ conversation }) => conversation.group);
}
