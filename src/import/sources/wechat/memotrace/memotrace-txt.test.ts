import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import type { Draft } from "../../source.js";
import { memotraceAiTxt } from "./memotrace-ai-txt.js";
import { memotraceTxt } from "./memotrace-txt.js";

const V3 = exampleExport("memotrace-txt", "3/聊天记录/小满(wxid_demo1)/小满.txt");
const V2 = exampleExport("memotrace-txt", "2/聊天记录/小满/小满.txt");
const AI = exampleExport("memotrace-ai-txt", "聊天记录/小满(wxid_demo1)/小满_chat.txt");

/** What a test compares. */
function brief({ owner, sender, text, quoted }: Draft) {
  return [owner === null ? "?" : owner ? ">" : "<", sender, text, ...(quoted === undefined ? [] : [quoted])];
}

test("told by the line before the first message; other programs' lines are theirs", async () => {
  assert.ok((await sniffFile(memotraceTxt, V3)) >= 0.7);
  assert.ok((await sniffFile(memotraceTxt, V2)) >= 0.7);
  for (const content of [
    "2024-05-01 16:00:00 '我'\n好\n",
    "2024-05-01 16:00:00 小满(10001)\n好\n",
    "2024-05-01 16:00:00",
    "小满\n",
  ])
    assert.equal(await sniffFile(memotraceTxt, { path: "a.txt", content }), 0, content);
});

test("version 3: blocks by their first line, notices without a name", async () => {
  const { messages, problems } = await readSource(memotraceTxt, V3);
  assert.deepEqual(problems, []);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "明天几点"],
    [">", "阿泽", "八点", "明天几点"],
    ["<", "小满", "[图片]"],
    [">", "阿泽", "[语音] 我晚点到"],
    ["<", "小满", "[动画表情] 小狗摇头"],
    ["<", "小满", "[位置] 云栖苑"],
    [">", "阿泽", "[链接] 周末去哪玩"],
    [">", "阿泽", "[转账] ￥5.00"],
    ["<", "小满", "[红包] 恭喜发财，大吉大利"],
    ["<", "小满", "[通话] 通话时长 03:12"],
    [">", "阿泽", "[聊天记录]"],
    ["<", "", "[撤回]"],
    ["<", "", '[拍一拍] "小满" 拍了拍我'],
    ["<", "小满", "[红包]"],
    [">", "阿泽", "好[捂脸]\n\n[图片]这两个字是我打的"],
  ]);
  assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(messages[0]!.senderId, "wxid_demo1");
  assert.equal(messages[0]!.time, 1714550400);
});

test("version 2: notices on one line, indented links, empty lines within a message", async () => {
  const { messages, problems } = await readSource(memotraceTxt, V2);
  assert.deepEqual(problems, []);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "明天几点"],
    [">", "阿泽", "八点", "明天几点"],
    [">", "阿泽", "算了"],
    ["<", "小满", "[图片]"],
    [">", "阿泽", "[语音]"],
    ["<", "小满", "[动画表情]"],
    [">", "阿泽", "[链接] 周末去哪玩"],
    ["<", "", "[撤回]"],
    ["<", "", "[系统消息] 以上是打招呼的内容"],
    ["<", "小满", "第一段\n\n第二段\n2024-05-01 出发"],
    [">", "阿泽", "好[捂脸]"],
  ]);
  assert.equal(messages[0]!.senderId, undefined);
});

test("names that were made fit for a web page are as they were; CRLF is no part of a text", async () => {
  const content = "2024-05-01 16:00:00 O\\'Neil &amp; Co\r\n你好\r\n\r\n2024-05-01 16:00:10 我\r\n好\r\n\r\n";
  const { messages } = await readSource(memotraceTxt, { path: "O'Neil & Co/O'Neil & Co.txt", content });
  assert.deepEqual(messages.map(brief), [
    ["<", "O'Neil & Co", "你好"],
    [">", "我", "好"],
  ]);
});

test("three who write are a group, and lines before the first message or impossible times are problems", async () => {
  const content =
    "开头\n2024-05-01 16:00:00 甲\na\n\n2024-05-01 16:00:01 乙\nb\n\n2024-13-01 16:00:02 丙\nc\n\n2024-05-01 16:00:03 丙\nd";
  const { messages, problems } = await readSource(memotraceTxt, { path: "群/群.txt", content });
  assert.deepEqual(messages.map(brief), [
    ["?", "甲", "a"],
    ["?", "乙", "b"],
    ["?", "丙", "d"],
  ]);
  assert.equal(messages[0]!.conversation.group, true);
  assert.deepEqual(problems, ["line 1: stands before the first message", "line 8: its time does not exist"]);
});

test("the text for AI is told apart and explained, not imported", async () => {
  assert.ok((await sniffFile(memotraceAiTxt, AI)) >= 0.9);
  assert.equal(await sniffFile(memotraceTxt, AI), 0);
  assert.equal(await sniffFile(memotraceAiTxt, V3), 0);
  const { messages, problems } = await readSource(memotraceAiTxt, AI);
  assert.deepEqual(messages, []);
  assert.match(problems.join(), /^the file: text for AI has neither times/);
});
