import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { chatlogJson } from "./chatlog-json.js";

const v3 = await readSource(chatlogJson, exampleExport("chatlog-json", "v3.json"));
const v4 = await readSource(chatlogJson, exampleExport("chatlog-json", "v4.json"));

test("the format is known by its first message", async () => {
  assert.ok((await sniffFile(chatlogJson, exampleExport("chatlog-json", "v3.json"))) >= 0.9);
  assert.equal(await sniffFile(chatlogJson, { path: "a.json", content: '[{"conversations":[]}]' }), 0);
});

test("WeChat 3: one's own messages have no sender; titles stand beside the content", () => {
  assert.deepEqual(said(v3.messages), [
    "-- 小满 text: 到了没",
    "me  text: 快了",
    "-- 小满 image: [图片]",
    "me  text: 好看",
    "-- 小满 link: [链接] 周末去哪玩",
    "-- 小满 file: [文件] 方案.pdf",
    "-- 小满 chat-history: [聊天记录]",
    "me  transfer: [转账] 发送 ￥5.00 (午饭)",
    "--  recalled: [撤回]",
    "--  system: [系统消息] 以上是打招呼的内容",
    '-- 小满 pat: [拍一拍] "小满" 拍了拍我',
    "me  sticker: [动画表情]",
    "-- 小满 call: [通话]",
  ]);
  assert.deepEqual(
    v3.messages.slice(1, 4).map(({ quoted }) => quoted),
    ["到了没", undefined, "[图片]"],
  );
  assert.deepEqual(v3.problems, ["message 14: not an object", "message 15: its time is none"]);
  assert.deepEqual(v3.messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(v3.messages[0]!.time, 1714550400);
  assert.equal(v3.messages[0]!.platformId, undefined, "seq is no message's id");
  assert.deepEqual([v3.messages[0]!.originalType, v3.messages[1]!.originalType], ["1", "49,57"]);
});

test("WeChat 4: isSelf is wrong now and then; the accounts of the whole file put it right", () => {
  assert.deepEqual(said(v4.messages), [
    "-- 小满 text: 周六去不去",
    "me 阿泽 text: 去",
    "me 阿泽 text: 我开车",
    "-- 小满 text: 太好了",
    "me 阿泽 text: 八点见",
    "me  text: 私聊一句",
    "-- 小满 text: 收到",
  ]);
  assert.deepEqual(
    v4.messages.slice(4, 6).map(({ conversation }) => conversation),
    [
      { id: "123@chatroom", name: "爬山群", group: true },
      { id: "wxid_demo1", name: "小满", group: false },
    ],
  );
});

test("an empty answer is null", async () => {
  const { messages, problems } = await readSource(chatlogJson, { path: "a.json", content: "null" });
  assert.deepEqual([messages, problems], [[], []]);
});
