import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { weflowXlsx } from "./weflow-xlsx.js";

const friend = exampleExport("weflow-xlsx", "私聊_小满.xlsx");
const group = exampleExport("weflow-xlsx", "爬山群.xlsx");

test("the format is known by a column's name, and by its looks where that is too far behind in the file", async () => {
  for (const file of [friend, group]) assert.ok((await sniffFile(weflowXlsx, file)) >= 0.9, file.path);
  const start = Buffer.from(friend.content).subarray(0, 2000);
  assert.ok((await sniffFile(weflowXlsx, { path: "a.xlsx", content: start })) >= 0.8);
  const other = exampleExport("qqchatexporter-xlsx", "group_70001_20240501.xlsx");
  assert.equal(await sniffFile(weflowXlsx, other), 0);
});

test("all columns: the owner is called 我 in a chat of two", async () => {
  const { messages, problems } = await readSource(weflowXlsx, friend);
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了",
    "-- 小满 image: [图片]",
    "me 阿泽 red-packet: [红包] 恭喜发财，大吉大利",
    "-- 小满 unknown: [未知消息] 说不清",
    "--  system: [系统消息] 以上是打招呼的内容",
  ]);
  assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.deepEqual([messages[1]!.quoted, messages[1]!.senderId], ["到了没", "wxid_me0"]);
  assert.equal(messages[0]!.time, 1714550400);
  assert.deepEqual(problems, ["row 11: its 时间 is no time"]);
});

test("few columns, and a group", async () => {
  const { messages } = await readSource(weflowXlsx, group);
  assert.deepEqual(said(messages), ["?? 小满 text: 周六去不去", "?? 阿泽 text: 去"]);
  assert.deepEqual(messages[0]!.conversation, { id: "123@chatroom", name: "爬山群", group: true });
});
