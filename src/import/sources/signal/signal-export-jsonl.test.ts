import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { signalExportJsonl } from "./signal-export-jsonl.js";

const example = exampleExport("signal-export-jsonl", "Mira Lund/data.json");

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(signalExportJsonl, example)) >= 0.9);
  for (const content of ['{"date":"2024-05-01","messages":[]}', '{"recipient":{"id":"1"}}\n', ""]) {
    assert.equal(await sniffFile(signalExportJsonl, { path: "data.json", content }), 0);
  }
});

test("every message is read, the owner's by their name", async () => {
  const { messages, problems } = await readSource(signalExportJsonl, example);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    messages.map(({ sender, owner, kind, text, quoted }) => [sender, owner, kind, text, quoted]),
    [
      ["Mira Lund", false, "text", "lunch?", undefined],
      ["Me", true, "text", "on my way", "lunch?\nor later"],
      ["Mira Lund", false, "image", "[图片] this table", undefined],
      ["Mira Lund", false, "file", "[文件] menu.pdf", undefined],
      ["Mira Lund", false, "sticker", "[动画表情] 🎉", undefined],
      ["Mira Lund", false, "recalled", "[撤回]", undefined],
      ["Me", true, "call", "[通话] Outgoing voice call (unanswered)", undefined],
      ["", false, "text", "who was that", undefined],
    ],
  );
  assert.deepEqual(messages.map(({ time }) => time).slice(0, 2), [1714550400, 1714550460]);
  assert.equal(messages.at(-1)!.time, null);
  // Who could not be found is no third member.
  assert.deepEqual(messages.at(-1)!.conversation, { id: null, name: "Mira Lund", group: false });
});

test("a damaged line is a problem, and the rest is kept", async () => {
  const whole = '{"date": "2024-05-01T16:00:00", "sender": "Me", "body": "hi  "}';
  const content = `${whole}\r\n{"date": "2024-05\r\n{"sender": "Me", "body": "hi"}\r\n[]\r\n${whole}`;
  const { messages, problems } = await readSource(signalExportJsonl, { path: "a/data.json", content });
  assert.equal(messages.length, 2);
  assert.deepEqual(problems, ["line 2: not JSON", "line 3: has no time", "line 4: not an object"]);
});
