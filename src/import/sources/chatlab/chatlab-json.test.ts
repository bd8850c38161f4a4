import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { chatlabJson } from "./chatlab-json.js";

const example = (path: string) => exampleExport("chatlab-json", path);
const own = await readSource(chatlabJson, example("小满.json"));
const weflow = await readSource(chatlabJson, example("群聊_爬山群.json"));

test("the format is known by its head", async () => {
  assert.ok((await sniffFile(chatlabJson, example("小满.json"))) >= 0.9);
  assert.equal(await sniffFile(chatlabJson, { path: "a.json", content: '{"session":{},"messages":[]}' }), 0);
});

test("ownerId tells the owner; types tell what is no text", () => {
  assert.deepEqual(said(own.messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了",
    "me 阿泽 sticker: [动画表情]",
    "-- 小满 image: [图片]",
    "-- 小满 voice: [语音] 我晚点到",
    "-- 小满 recalled: [撤回]",
    "--  system: [系统消息] 以上是打招呼的内容",
    "me 阿泽 text: [捂脸]",
  ]);
  assert.deepEqual(own.problems, ["message 10: not an object", "message 11: its timestamp is no time"]);
  assert.deepEqual(own.messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(own.messages[1]!.replyTo, own.messages[0]!.platformId);
});

test("without ownerId the owner stays open, though there are only two", () => {
  assert.deepEqual(said(weflow.messages), [
    "?? 小满 text: 周六去不去",
    "?? 阿泽 text: 去[旺柴]",
    "?? 小满 transfer: [转账] 发送 ￥5",
    "?? Lin chat-history: [聊天记录]",
    "?? Lin unknown: [未知消息] 恭喜发财，大吉大利",
    "?? Lin text: 毫秒",
  ]);
  assert.deepEqual(weflow.owners, []);
  assert.equal(weflow.messages[1]!.quoted, "周六去不去");
  assert.deepEqual(weflow.messages[0]!.conversation, { id: "123@chatroom", name: "爬山群", group: true });
  assert.equal(weflow.messages[5]!.time, 1714550490, "milliseconds are told from seconds");
});
