import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { signalExportMd } from "./signal-export-md.js";

const example = exampleExport("signal-export-md", "Mira Lund/chat.md");

test("is sure of its files; without its own marks a head like WhatsApp's is not enough", async () => {
  assert.ok((await sniffFile(signalExportMd, example)) >= 0.9);
  for (const content of ["[2024-05-01 16:00:00] Mira: hi\n[2024-05-01 16:01:00] Ze: hi\n", "# Chat\n", ""]) {
    assert.equal(await sniffFile(signalExportMd, { path: "chat.md", content }), 0);
  }
});

test("every message is read; reactions, quotes and links to media are no words", async () => {
  const { messages, problems } = await readSource(signalExportMd, example);
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
      ["Me", true, "text", "see [the map](https://example.org/map)\n\n> this is no quote", undefined],
    ],
  );
  assert.deepEqual(messages.map(({ time }) => time).slice(0, 2), [1714550400, 1714550460]);
  assert.equal(messages[0]!.conversation.name, "Mira Lund");
});

test("older heads have no seconds", async () => {
  const content = "[2024-05-01, 16:00] Mira: hi  \r\n\r\n[2024-05-01, 16:01] Me: hello\r\nthere  \r\n";
  const file = { path: "Mira/index.md", content };
  assert.ok((await sniffFile(signalExportMd, file)) >= 0.9);
  const { messages } = await readSource(signalExportMd, file);
  assert.deepEqual(
    messages.map(({ text, time }) => [text, time]),
    [
      ["hi", 1714550400],
      ["hello\nthere", 1714550460],
    ],
  );
});

test("what belongs to no message is a problem, and the rest is kept", async () => {
  const content = "half a line\nmore\n[2024-02-31 16:00:00] Me: no  \n[2024-05-01 16:00:00] Me: yes  ";
  const { messages, problems } = await readSource(signalExportMd, { path: "Mira/chat.md", content });
  assert.deepEqual(
    messages.map(({ text }) => text),
    ["yes"],
  );
  assert.deepEqual(problems, ["line 1: belongs to no message", "line 3: no such date"]);
});

test("a sticker that is a link is one too", async () => {
  const content = "[2024-05-01 16:00:00] Me:   [🎉](../exported_stickers/x/1.webp)  \n";
  const { messages } = await readSource(signalExportMd, { path: "Mira/chat.md", content });
  assert.deepEqual(
    messages.map(({ kind, text }) => [kind, text]),
    [["sticker", "[动画表情] 🎉"]],
  );
});
