import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { chatlogTxt } from "./chatlog-txt.js";

const example = exampleExport("chatlog-txt", "wxid_demo1_2024-01-01_2024-12-31.txt");
const friend = await readSource(chatlogTxt, example);

test("the format is known by its first head", async () => {
  assert.ok((await sniffFile(chatlogTxt, example)) >= 0.7);
  for (const content of ["2024-05-01 16:00:00 小满\n到了没\n", "开会 16:00:00\n", ""])
    assert.equal(await sniffFile(chatlogTxt, { path: "a.txt", content }), 0, content);
});

test("heads are told from words; quotes, notices and placeholders are read", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没",
    "me  text: 快了\n\n等我 12:00:00",
    "--  system: [系统消息] 以上是打招呼的内容",
    "-- 小满 image: [图片]",
    "me 阿泽 text: 新年好",
  ]);
  assert.equal(friend.messages[1]!.quoted, "到了没");
  assert.deepEqual(friend.problems, ["line 17: there is no such time"]);
  assert.deepEqual(friend.messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
});

test("the year comes from the name of the file", () => {
  assert.equal(friend.messages[0]!.time, 1714550400);
  assert.equal(friend.messages.at(-1)!.time, Date.UTC(2024, 11, 31, 15, 59, 59) / 1000);
});

test("so does the day of a range of one day", async () => {
  const content = "小满(wxid_demo1) 16:00:00\n到了没\n\n";
  const { messages } = await readSource(chatlogTxt, { path: "wxid_demo1_20240501_20240501.txt", content });
  assert.equal(messages[0]!.time, 1714550400);
});

test("a range over the turn of a year", async () => {
  const content = "小满(wxid_demo1) 12-31 16:00:00\n一\n\n小满(wxid_demo1) 01-01 16:00:00\n二\n\n";
  const { messages } = await readSource(chatlogTxt, {
    path: "wxid_demo1_2023-12-01_2024-01-31.txt",
    content,
  });
  assert.equal(messages[1]!.time! - messages[0]!.time!, 86_400);
});

test("without a year anywhere nothing is made up", async () => {
  const { messages, problems } = await readSource(chatlogTxt, { ...example, path: "聊天.txt" });
  assert.deepEqual(messages, []);
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /^the file: its times have no year, .*name it like/);
});

test("an answer about several chats names each", async () => {
  const read = await readSource(chatlogTxt, exampleExport("chatlog-txt", "两个群.txt"));
  assert.deepEqual(said(read.messages), ["-- 小满 text: 新年快乐", "me  text: 同乐", "-- 小北 text: 快乐"]);
  assert.deepEqual(
    read.messages.map(({ conversation: { id, name, group } }) => `${id} ${name} ${group}`),
    ["123@chatroom 爬山群 true", "456@chatroom 远足群 true", "123@chatroom 爬山群 true"],
  );
});
