import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { sigtopTxt } from "./sigtop-txt.js";

const example = exampleExport("sigtop-txt", "Mira Lund (+15550100).txt");

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(sigtopTxt, example)) >= 0.9);
  for (const content of ["From: Mira <mira@example.org>\nTo: Ze\nSubject: lunch\n\nlunch?\n", "Type: a\n"]) {
    assert.equal(await sniffFile(sigtopTxt, { path: "a.txt", content }), 0);
  }
});

test("of an edited message only the newest version is read, and quotes are no words", async () => {
  const { messages, problems } = await readSource(sigtopTxt, example);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    messages.map(({ sender, owner, kind, text, quoted }) => [sender, owner, kind, text, quoted]),
    [
      ["Mira Lund", false, "text", "lunch?", undefined],
      ["You", true, "text", "on my way\n\nFrom: the bakery\ntwo rolls", "lunch?"],
      ["Mira Lund", false, "image", "[图片] > this table", undefined],
      ["Mira Lund", false, "voice", "[语音]", undefined],
      ["You", true, "text", "see you there\n\nin five", "this table"],
      ["", false, "system", "[系统消息]", undefined],
      ["", false, "call", "[通话]", undefined],
    ],
  );
  assert.deepEqual(
    messages.map(({ time }) => time),
    [1714550400, 1714550460, 1714550520, 1714550520, 1714550580, 1714550640, null],
  );
  assert.equal(messages[0]!.senderId, "+15550100");
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "Mira Lund", group: false });
});

test("a message whose time cannot be read is a problem, and the rest is kept", async () => {
  const content = `${greeting("Wed, 1 Mai 2024 16:00:00 +0800")}${greeting("Wed, 1 May 2024 16:00:00 -0730")}From: You`;
  const { messages, problems } = await readSource(sigtopTxt, { path: "Mira.txt", content });
  assert.deepEqual(problems, ["line 1: has no time that can be read"]);
  assert.deepEqual(
    messages.map(({ text, time }) => [text, time]),
    [["hi\n\nFrom: You", 1714606200]],
  );
});

function greeting(time: string): string {
  return `From: You\r\nType: outgoing\r\nSent: ${time}\r\n\r\nhi\r\n\r\n`;
}
