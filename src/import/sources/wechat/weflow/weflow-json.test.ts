import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { weflowJson } from "./weflow-json.js";

const example = (path: string) => exampleExport("weflow-json", `texts/${path}`);
const own = await readSource(weflowJson, example("私聊_小满.json"));
const arkme = await readSource(weflowJson, example("群聊_爬山群.json"));

test("the format is known by its first key", async () => {
  for (const path of ["私聊_小满.json", "群聊_爬山群.json"])
    assert.ok((await sniffFile(weflowJson, example(path))) >= 0.9, path);
  assert.equal(await sniffFile(weflowJson, { path: "a.json", content: '{"session":{},"messages":[]}' }), 0);
});

test("numbers and labels tell what is no text; paths are no words", () => {
  assert.deepEqual(said(own.messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了",
    "-- 小满 image: [图片]",
    "-- 小满 voice: [语音] 我晚点到",
    "-- 小满 voice: [语音]",
    "me 阿泽 sticker: [动画表情] 捂脸笑",
    "-- 小满 red-packet: [红包] 恭喜发财，大吉大利",
    "me 阿泽 transfer: [转账] 发送 ￥5.00",
    "-- 小满 sticker: [动画表情]",
    "-- 小满 chat-history: [聊天记录]",
    "--  system: [系统消息] 以上是打招呼的内容",
    "-- 小满 recalled: [撤回]",
    "me 阿泽 text: [捂脸]",
    "-- 小满 text: 在吗",
    "-- 小满 mini-program: [小程序] 点餐",
    "me 阿泽 call: [通话] 通话时长 03:12",
    "-- 小满 link: [链接] 周末去哪玩",
  ]);
  assert.deepEqual(own.problems, ["message 18: not an object", "message 19: its createTime is no time"]);
});

test("the quote is cut from the reply; ids are the platform's, never the number in the file", () => {
  const [first, second, third] = own.messages;
  assert.deepEqual(first!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(second!.quoted, "到了没");
  assert.equal(second!.replyTo, first!.platformId);
  assert.equal(third!.platformId, undefined);
  assert.equal(own.messages.at(-1)!.platformId, "7000000000000000020", "a number with all its digits");
  assert.equal(first!.time, 1714550400);
});

test("arkme-json: senders by their number, though the list stands behind the messages", () => {
  assert.deepEqual(said(arkme.messages), [
    "-- 小满 text: 周六去不去",
    "me 阿泽 text: 去",
    "-- 小满 announcement: [群公告] 带水",
    "??  text: 未知的人",
    "-- 新闻 link: [链接] 今日要闻",
  ]);
  assert.deepEqual(arkme.messages[0]!.conversation, { id: "123@chatroom", name: "爬山群", group: true });
  assert.deepEqual(
    arkme.messages.map(({ senderId, bot }) => [senderId, bot]),
    [
      ["wxid_demo1", undefined],
      ["wxid_me0", undefined],
      ["wxid_demo1", undefined],
      [undefined, undefined],
      ["gh_news", true],
    ],
  );
});
