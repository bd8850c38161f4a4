import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { qqMht } from "./qq-mht.js";

const example = exampleExport("qq-mht", "全部消息记录.mht");
const { messages, problems, notes } = await readSource(qqMht, example);

test("the format is known by its head or its table", async () => {
  assert.ok((await sniffFile(qqMht, example)) >= 0.9);
  const saved = String(example.content).replace("From: <Save by Tencent MsgMgr>\r\n", "");
  assert.ok((await sniffFile(qqMht, { path: "a.mht", content: saved })) >= 0.9);
  const page = "Content-Type: multipart/related;\r\n\r\n<html><p>消息</p></html>";
  assert.equal(await sniffFile(qqMht, { path: "a.mht", content: page }), 0);
});

test("colours mark the owner under every nickname; the first message of a section goes by its name", () => {
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了 <3\n等我 >_<",
    "-- 小满 image: [图片] 好看吗",
    "me 泽泽泽 image: [图片]",
    "--  system: [系统消息] 小北加入了本群。",
    "-- 小北 text: 周六去吗",
    "me 阿泽 text: 去",
    "-- 小北 text: 好",
    "?? 阿泽 text: 在吗",
  ]);
  assert.deepEqual(problems, ["message 5: there is no such time"]);
  assert.deepEqual(notes, []);
});

test("days and clocks are put together, sections are chats", () => {
  assert.equal(messages[0]!.time, Date.UTC(2019, 6, 16, 10, 15, 5) / 1000);
  assert.equal(messages[3]!.time, Date.UTC(2019, 6, 17, 1) / 1000);
  assert.deepEqual(
    messages.map(({ conversation: { name, group } }) => `${name} ${group}`),
    [...Array<string>(4).fill("小满 false"), ...Array<string>(4).fill("周末爬山群 true"), "阿远 false"],
  );
  assert.equal(messages[6]!.senderId, "aze@example.com");
});

test("a file that is cut off within a message keeps what is whole", async () => {
  const whole = Buffer.from(example.content);
  const cut = await readSource(qqMht, {
    path: "a.mht",
    content: whole.subarray(0, whole.indexOf("好看吗") + 9),
  });
  assert.deepEqual(said(cut.messages).slice(0, 3), said(messages).slice(0, 3));
});

test("no part with the page", async () => {
  const read = await readSource(qqMht, { path: "a.mht", content: "Content-Type: image/gif\r\n\r\nR0lG" });
  assert.deepEqual(read.problems, ["the file: has no part of type text/html"]);
});

test("the pictures behind the page are not read", async () => {
  const file = memoryFile(example);
  const bytes = Buffer.from(example.content);
  let beyond = 0;
  file.open = async function* () {
    yield bytes;
    beyond += 1;
    yield Buffer.alloc(1 << 20, 0x41);
  };
  const context = { near: () => undefined, localTime: () => 0, columns: null, run: {} };
  let count = 0;
  for await (const found of qqMht.read(file, { ...context, named: { name: "", accountId: null } }))
    count += Number(found.kind === "message");
  assert.deepEqual([count, beyond], [10, 0]);
});

test("accounts shown in a chat of two do not make it a group; paragraphs are lines", async () => {
  const content = [
    "From: <Save by Tencent MsgMgr>\r\nContent-Type: text/html\r\n\r\n<table>",
    "<tr><td><div>消息对象:小满</div></td></tr><tr><td>日期: 2019-07-16</td></tr>",
    row(
      "#006EFE",
      "小满(12345678)",
      "<div style=padding-left:20px>一</div><div style=padding-left:20px>二</div>",
    ),
    row("#42B475", "阿泽(87654321)", "<div style=padding-left:20px>三</div>"),
    "</table>",
  ].join("");
  const read = await readSource(qqMht, { path: "a.mht", content });
  assert.deepEqual(said(read.messages), ["-- 小满 text: 一\n二", "me 阿泽 text: 三"]);
  assert.equal(read.messages[0]!.conversation.group, false);
});

/** A message as a row of the table. */
function row(colour: string, name: string, words: string): string {
  return `<tr><td><div style=color:${colour};><div>${name}</div>8:00:00</div>${words}</td></tr>`;
}
