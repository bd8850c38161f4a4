import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { weflowCsv } from "./weflow-csv.js";

const friend = await readSource(weflowCsv, exampleExport("weflow-csv", "私聊_小满.csv"));

test("the header is PyWxDump's older one; English types and UTC tell them apart", async () => {
  assert.ok((await sniffFile(weflowCsv, exampleExport("weflow-csv", "私聊_小满.csv"))) >= 0.9);
  const header = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime";
  const other = `${header}\r\n1,7000000000000000001,文本,0,wxid_demo1,到了没,,2024-05-01 16:00:00\r\n`;
  assert.equal(await sniffFile(weflowCsv, { path: "a.csv", content: other }), 0);
});

test("what is called a text is told by its content", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了[捂脸]",
    "-- 小满 image: [图片]",
    "-- 小满 voice: [语音] 我晚点到",
    "me 阿泽 sticker: [动画表情] 捂脸笑",
    "-- 小满 transfer: [转账] 发送 ￥5.00",
    "me 阿泽 red-packet: [红包] 恭喜发财，大吉大利",
    "-- 小满 link: [链接] 周末去哪玩",
    "-- 小满 call: [通话]",
    "--  system: [系统消息] 你已添加了小满，现在可以开始聊天了。",
    "-- 小满 recalled: [撤回]",
    "-- 小满 text: 我拍了拍桌子",
    "me 阿泽 text: [图片]",
    "me 阿泽 text: 两行\n的话",
    "-- 小满 file: [文件] 方案.pdf",
  ]);
  assert.deepEqual(friend.problems, [
    "row 16: its is_sender is neither 0 nor 1",
    "row 17: its CreateTime is no time",
  ]);
});

test("quotes, ids, UTC, and the chat's name without the prefix of the file", () => {
  const [first, second] = friend.messages;
  assert.equal(second!.quoted, "到了没");
  assert.deepEqual([first!.platformId, friend.messages[2]!.platformId], ["7000000000000000001", undefined]);
  assert.equal(first!.time, 1714550400);
  assert.deepEqual(first!.conversation, { id: null, name: "小满", group: false });
});

test("more than one other makes a group", async () => {
  const named = { name: "爬山群", accountId: null };
  const { messages } = await readSource(weflowCsv, exampleExport("weflow-csv", "爬山群.csv"), { named });
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "爬山群", group: true });
  assert.deepEqual(said(messages), ["-- 小满 text: 周六去不去", "-- 小北 text: 去", "me 阿泽 text: 带水"]);
});

test("a damaged header is one problem", async () => {
  const content =
    "id,MsgSvrID,type_name,is_sender,talker,message,src,CreateTime\r\n1,,text,0,小满,到了没,,\r\n";
  const { messages, problems } = await readSource(weflowCsv, { path: "a.csv", content });
  assert.deepEqual([messages, problems], [[], ["row 1: the header lacks msg"]]);
});
