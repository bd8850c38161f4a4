import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { chatlogCsv } from "./chatlog-csv.js";

const example = exampleExport("chatlog-csv", "wxid_demo1_2024-05-01_2024-05-02.csv");
const { messages, problems } = await readSource(chatlogCsv, example);

test("the format is known by its header", async () => {
  assert.ok((await sniffFile(chatlogCsv, example)) >= 0.9);
  assert.equal(await sniffFile(chatlogCsv, { path: "a.csv", content: "Time,Sender,Content\n" }), 0);
});

test("in a chat of two the owner is who is not the talker; content tells the kind", () => {
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    "me  text: 快了",
    "-- 小满 image: [图片]",
    "-- 小满 voice: [语音]",
    "-- 小满 link: [链接] 周末[两日]游",
    "-- 小满 link: [链接] 读书",
    "-- 小满 file: [文件] 方案.pdf",
    "me  transfer: [转账] 发送 ￥5.00",
    "--  system: [系统消息] 以上是打招呼的内容",
    "-- 小满 chat-history: [聊天记录]",
    "-- 小满 location: [位置]",
    "me  text: > 大于号",
    "?? 小满 text: 周六去不去",
    "??  text: 去[捂脸]",
  ]);
  assert.equal(messages[1]!.quoted, "到了没");
  assert.deepEqual(
    problems.map((one) => one.split(":")[0]),
    ["row 14", "row 15"],
  );
});

test("rows of several chats, and local times", () => {
  assert.equal(messages[0]!.time, 1714550400);
  assert.deepEqual(messages.at(-1)!.conversation, { id: "123@chatroom", name: "爬山群", group: true });
  assert.equal(messages.at(-1)!.senderId, "wxid_me0");
});
