import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { imessageHtml } from "./imessage-html.js";

const example = exampleExport("imessage-html", "Mira Lund.html");
const named = { name: "Mira Lund", accountId: null };

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(imessageHtml, example)) >= 0.9);
  const other = '<div class="message"><span class="timestamp">2024-05-17</span></div>';
  for (const content of [other, "<html></html>", "May 17, 2024  5:29:42 PM\nMe\nhi\n"]) {
    assert.equal(await sniffFile(imessageHtml, { path: "a.html", content }), 0);
  }
});

test("every message comes once, and what the exporter says of it is not in its words", async () => {
  const { messages, problems, owners } = await readSource(imessageHtml, example, { named });
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, ["Me"]);
  assert.deepEqual(
    messages.map(({ sender, owner, kind, text }) => [sender, owner, kind, text]),
    [
      ["Mira Lund", false, "text", "which platform?"],
      ["Mira Lund", false, "image", "[图片] the board & the clock say this"],
      ["Me", true, "image", "[图片] platform 2\nor 3, not sure"],
      ["", false, "system", "[系统消息] You renamed the conversation to Trains"],
      ["Me", true, "text", "see you there"],
      ["Mira Lund", false, "recalled", "[撤回]"],
      ["Mira Lund", false, "voice", "[语音]"],
      ["Mira Lund", false, "file", "[文件] D E.pdf"],
      ["Mira Lund", false, "link", "[链接] Trains of the north"],
    ],
  );
});

test("ids and answers are the platform's; the service is the original type", async () => {
  const { messages } = await readSource(imessageHtml, example, { named });
  assert.deepEqual(
    messages.slice(0, 5).map(({ platformId, replyTo, quoted }) => [platformId, replyTo, quoted]),
    [
      ["A1", undefined, undefined],
      ["A2", undefined, undefined],
      ["A3", "A1", "which platform?"],
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ],
  );
  assert.deepEqual([messages[0]!.originalType, messages[4]!.originalType], [null, "SMS"]);
});

test("a page that is cut off keeps what is whole", async () => {
  const text = example.content.toString();
  for (const at of [text.indexOf("A2"), text.indexOf("which platform?") + 5, text.indexOf("r-A3") + 20]) {
    const { messages, problems } = await readSource(imessageHtml, { ...example, content: text.slice(0, at) });
    assert.ok(messages.length + problems.length >= 1);
    assert.equal(messages[0]?.platformId ?? "A1", "A1");
  }
  const { problems } = await readSource(imessageHtml, {
    path: "a.html",
    content: '<div class="message"><div class="received"><p><span class="timestamp">May 17, 20',
  });
  assert.deepEqual(problems, ["message 1: cut off"]);
});

test("a page that is nested without end is left at that place", async () => {
  const content = `${example.content.toString()}${"<div>".repeat(5000)}`;
  const { messages, problems } = await readSource(imessageHtml, { ...example, content }, { named });
  assert.equal(messages.length, 9);
  assert.deepEqual(problems, ["the page: is nested too deep; nothing from there on was read"]);
});
