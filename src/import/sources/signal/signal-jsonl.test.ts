import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../test/read-source.js";
import { readHead } from "../../find-files.js";
import { signalJsonl } from "./signal-jsonl.js";

const example = exampleExport("signal-jsonl", "signal-export-2026-02-01/main.jsonl");

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(signalJsonl, example)) >= 0.9);
  for (const content of ['{"date": "2024-05-01T16:00:00", "sender": "Me"}\n', '{"messages":[]}\n', ""]) {
    assert.equal(await sniffFile(signalJsonl, { path: "a.jsonl", content }), 0);
  }
});

test("metadata.json goes with it", async () => {
  const file = exampleExport("signal-jsonl", "signal-export-2026-02-01/metadata.json");
  assert.equal(signalJsonl.isCompanion!(await readHead(memoryFile(file))), true);
});

test("every frame with a message is one, earlier wordings and reactions are none", async () => {
  const { messages, problems } = await readSource(signalJsonl, example);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    messages.map(({ conversation, sender, owner, kind, text }) => [
      conversation.name,
      sender,
      owner,
      kind,
      text,
    ]),
    [
      ["Mira Lund", "Mira Lund", false, "text", "lunch?"],
      ["Mira Lund", "Ze", true, "text", "on my way"],
      ["Mira Lund", "Mira Lund", false, "image", "[图片] this table"],
      ["Mira Lund", "Mira Lund", false, "file", "[文件] menu.pdf"],
      ["Mira Lund", "Mira Lund", false, "voice", "[语音]"],
      ["Mira Lund", "Mira Lund", false, "sticker", "[动画表情] 🎉"],
      ["Mira Lund", "Mira Lund", false, "recalled", "[撤回]"],
      ["Mira Lund", "Mira Lund", false, "call", "[通话]"],
      ["Mira Lund", "", false, "system", "[系统消息]"],
      ["Ski trip", "Jonas", false, "text", "@Mira Lund are you in?"],
      ["Ski trip", "Mira Lund", false, "poll", "[投票] When?"],
      ["Note to Self", "Ze", true, "text", "buy wax"],
      ["Signal", "Signal", false, "text", "What's new"],
    ],
  );
});

test("a message is known by its millisecond, people by their account, groups not by their key", async () => {
  const { messages } = await readSource(signalJsonl, example);
  const [asked, answered, photo, file] = messages;
  assert.equal(asked!.senderId, "00010203-0405-0607-0809-0a0b0c0d0e0f");
  assert.equal(asked!.conversation.id, asked!.senderId);
  assert.equal(answered!.replyTo, asked!.platformId);
  assert.equal(answered!.quoted, "lunch?");
  assert.deepEqual([photo!.platformId, file!.platformId], ["1714550520123", undefined]);
  assert.equal(photo!.time, 1714550520);
  const group = messages[9]!;
  assert.deepEqual(group.mentions, ["Mira Lund"]);
  assert.equal(group.senderId, "+15550101");
  assert.equal(group.conversation.group, true);
  assert.doesNotMatch(String(group.conversation.id), /c2VjcmV0/);
  assert.equal(messages[12]!.bot, true);
  assert.equal(messages[8]!.originalType, "updateMessage.expirationTimerChange");
});

test("a damaged line is a problem, and the rest is kept", async () => {
  const lines = [
    '{"chat":{"id":"4","recipientId":"2"}}',
    '{"chatItem":{"chatId":"4",',
    '{"chatItem":{"chatId":"4","authorId":"2","incoming":{},"standardMessage":{"text":{"body":"a"}}}}',
    '{"chatItem":{"chatId":"4","authorId":"2","dateSent":"1714550400000","incoming":{}}}',
    "7",
    '{"chatItem":{"chatId":"9","authorId":"2","dateSent":1714550400000,"incoming":{},"standardMessage":{"text":{"body":"b"}}}}',
  ];
  const { messages, problems } = await readSource(signalJsonl, {
    path: "main.jsonl",
    content: lines.join("\n"),
  });
  assert.deepEqual(
    messages.map(({ text, time }) => [text, time]),
    [["b", 1714550400]],
  );
  assert.deepEqual(problems, [
    "line 2: not JSON",
    "line 3: has no time",
    "line 4: has no content of a known type",
    "line 5: not an object",
  ]);
});
