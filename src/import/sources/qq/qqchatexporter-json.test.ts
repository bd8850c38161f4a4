import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { qqchatexporterJson } from "./qqchatexporter-json.js";

const example = (path: string) => exampleExport("qqchatexporter-json", path);
const read = (path: string) => readSource(qqchatexporterJson, example(path));
const friend = await read("friend_10002_20240501.json");
const group = await read("group_70001_20240501.json");
const old = await read("v4_group_70001.json");

test("the format is known by its content, in both versions", async () => {
  for (const path of ["friend_10002_20240501.json", "group_70001_20240501.json", "v4_group_70001.json"])
    assert.ok((await sniffFile(qqchatexporterJson, example(path))) >= 0.9, path);
  const other = { path: "a.json", content: '{"name":"Mira","type":"personal_chat","messages":[]}' };
  assert.equal(await sniffFile(qqchatexporterJson, other), 0);
});

test("texts are put together from their elements, without the placeholders of the exporter", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了[微笑]",
    "-- 小满 image: [图片] 看这个好看吗",
    "me 阿泽 sticker: [动画表情] 比心",
    "me 阿泽 voice: [语音]",
    "-- 小满 file: [文件] 行程[终版].pdf",
    "me 阿泽 recalled: [撤回]",
    "--  recalled: [撤回]",
    "--  pat: [拍一拍]",
    "-- 小满 chat-history: [聊天记录]",
    "-- 小满 mini-program: [小程序] 一起看电影",
    "-- 小满 call: [通话]",
  ]);
  assert.deepEqual(friend.problems, []);
});

test("seconds, ids, the reply and its quotation are kept", () => {
  const [first, second] = friend.messages;
  assert.deepEqual(first!.conversation, { id: "10002", name: "小满", group: false });
  assert.deepEqual(
    [first!.time, first!.platformId, first!.senderId],
    [1714550400, "7364000000000000001", "10002"],
  );
  assert.equal(second!.replyTo, "7364000000000000001");
  assert.equal(second!.quoted, "到了没");
  assert.equal(friend.messages[2]!.originalType, "type_1");
});

test("a group without the exporting account leaves the owner open, and lists whom a message addresses", () => {
  assert.deepEqual(said(group.messages), ["?? 小北(值班) text: @阿泽 周六去不去", "?? 阿泽 text: 去"]);
  assert.deepEqual(group.messages[0]!.mentions, ["阿泽", "10001"]);
  assert.equal(group.messages[0]!.conversation.group, true);
  assert.deepEqual(group.problems, ["message 3: not an object", "message 4: has no time"]);
});

test("version 4: dates as texts, names of the raw message, answers beside the text", () => {
  assert.deepEqual(said(old.messages), [
    "-- 小北(值班) text: @阿泽 周六去不去",
    "me 阿泽 text: 去",
    "-- 北 recalled: [撤回]",
    "--  system: [系统消息] 小满加入了群聊",
  ]);
  assert.deepEqual(
    old.messages.map(({ time }) => time! - 1714550400),
    [0, 30, 60, 120],
  );
  assert.equal(old.messages[1]!.replyTo, old.messages[0]!.platformId);
  assert.equal(old.messages[1]!.quoted, "@阿泽 周六去不去");
  assert.equal(old.messages[0]!.platformId, group.messages[0]!.platformId, "the same in both versions");
});

test("a message that says nothing is left out; an id that is a number keeps its digits", async () => {
  const both = [message('"1"', ""), message("7364000000000000001", "嗯")].join(",");
  const content = `{"metadata":{"name":"QQChatExporter"},"chatInfo":{},"messages":[${both}]}`;
  const { messages, problems } = await readSource(qqchatexporterJson, { path: "a.json", content });
  assert.deepEqual([problems.length, messages.length], [0, 1]);
  assert.equal(messages[0]!.platformId, "7364000000000000001");
});

/** A message of version 5, its id as it would stand in the file. */
function message(id: string, text: string): string {
  const sender = '{"uid":"u_a","name":"a"}';
  return `{"id":${id},"timestamp":1714550400000,"sender":${sender},"content":{"text":"${text}","elements":[]}}`;
}
