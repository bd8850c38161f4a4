import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { sigtopJson } from "./sigtop-json.js";

const example = exampleExport("sigtop-json", "Mira Lund (+15550100).json");
const named = { name: "Mira Lund (+15550100)", accountId: null };

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(sigtopJson, example)) >= 0.9);
  const other = '[{"conversationId":"1","messages":[{"role":"user","content":"a"}]}]';
  for (const content of [other, "[]", '{"conversationId":"c1"}']) {
    assert.equal(await sniffFile(sigtopJson, { path: "a.json", content }), 0);
  }
});

test("every message is read, with what it answers and mentions", async () => {
  const { messages, problems, notes } = await readSource(sigtopJson, example, { named });
  assert.deepEqual(problems, []);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /^1 messages say nothing: Signal Desktop 7\.42/);
  assert.deepEqual(
    messages.map(({ sender, owner, kind, text, platformId }) => [sender, owner, kind, text, platformId]),
    [
      ["Mira Lund", false, "text", "lunch?", "1714550400000"],
      ["You", true, "text", "on my way", "1714550460000"],
      ["Mira Lund", false, "image", "[图片] this table", "1714550520123"],
      ["Mira Lund", false, "voice", "[语音]", undefined],
      ["Mira Lund", false, "recalled", "[撤回]", "1714550530000"],
      ["", false, "call", "[通话]", undefined],
      ["", false, "system", "[系统消息]", undefined],
      ["Mira Lund", false, "sticker", "[动画表情] 🎉", "1714550560000"],
      ["Mira Lund", false, "text", "ask @Jonas", "1714550570000"],
    ],
  );
  assert.equal(messages[1]!.replyTo, messages[0]!.platformId);
  assert.equal(messages[1]!.quoted, "lunch?");
  assert.equal(messages[0]!.time, 1714550400);
  assert.deepEqual(messages[8]!.mentions, ["Jonas"]);
  assert.equal(messages[6]!.originalType, "keychange");
});

test("in a group people are known by their accounts only", async () => {
  const content = JSON.stringify([
    {
      conversationId: "g",
      type: "incoming",
      sent_at: 1714550400000,
      received_at: 1,
      source: "+15550101",
      body: "hi",
    },
    { conversationId: "g", type: "incoming", received_at: 1, source: "+15550101", body: "no time" },
  ]);
  const { messages, problems } = await readSource(sigtopJson, { path: "Ski trip (group).json", content });
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "Ski trip", group: true });
  assert.equal(messages[0]!.sender, "+15550101");
  assert.deepEqual(problems, ["message 2: has no time"]);
});
