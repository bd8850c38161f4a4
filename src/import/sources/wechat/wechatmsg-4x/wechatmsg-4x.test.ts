import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import type { Draft } from "../../source.js";
import { wechatmsg4xCsv } from "./wechatmsg-4x-csv.js";
import { wechatmsg4xJson } from "./wechatmsg-4x-json.js";
import { accountOfFile } from "./wechatmsg-4x-message.js";
import { wechatmsg4xTxt } from "./wechatmsg-4x-txt.js";

const CSV = exampleExport("wechatmsg-4x", "小满_wxid_demo1.csv");
const JSON_FILE = exampleExport("wechatmsg-4x", "小满_wxid_demo1.json");
const TXT = exampleExport("wechatmsg-4x", "小满_wxid_demo1.txt");

/** What a test compares. */
function brief({ owner, text, time }: Draft) {
  return [time! - 1714550400, owner ? ">" : "<", text];
}

const SAID = [
  [0, "<", "明天几点"],
  [60, ">", "八点\n\n别迟到[捂脸]"],
  [120, "<", "[图片]"],
  [180, ">", "[语音]"],
  [240, ">", "[链接] 周末去哪玩"],
  [300, "<", "[撤回]"],
];

test("each is told by what stands in it", async () => {
  const files = [CSV, JSON_FILE, TXT];
  for (const [index, source] of [wechatmsg4xCsv, wechatmsg4xJson, wechatmsg4xTxt].entries()) {
    for (const [other, file] of files.entries()) {
      const sure = await sniffFile(source, { ...file, path: "a.bin" });
      assert.equal(sure >= 0.9, index === other, `${source.id} ${file.path}`);
    }
  }
});

test("CSV and JSON: sides, types and the chat's account; ids keep all their digits", async () => {
  const csv = await readSource(wechatmsg4xCsv, CSV);
  const json = await readSource(wechatmsg4xJson, JSON_FILE);
  for (const { messages, problems } of [csv, json]) {
    assert.deepEqual(messages.map(brief), SAID);
    assert.deepEqual(problems, []);
    assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
    assert.equal(messages[1]!.sender, "阿泽");
  }
  assert.equal(csv.messages[0]!.platformId, "7000000000000000001");
  assert.equal(json.messages[0]!.platformId, "7000000000000000001");
  assert.equal(json.messages[1]!.senderId, "wxid_me0");
});

test("text: the owner is 我, attachments are no words, a notice is one by its words", async () => {
  const { messages, problems } = await readSource(wechatmsg4xTxt, TXT);
  assert.deepEqual(messages.slice(0, 5).map(brief), SAID.slice(0, 5));
  assert.deepEqual(messages[5]!.kind, "recalled");
  assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.deepEqual(problems, []);
});

test("an account in a file's name that may be cut off is none", () => {
  assert.equal(accountOfFile("徒步_1234_at_chatroom.csv", "徒步"), "1234@chatroom");
  assert.equal(accountOfFile("徒步_1234567890123456_at_chatroo.csv", "徒步"), null);
  assert.equal(accountOfFile("other.csv", "徒步"), null);
});

test("bad rows, messages and times are problems of their own", async () => {
  const head = "时间,会话,发送者,是否我发送,类型,内容,server_id,local_id,分片\n";
  const rows = "1,2\n2024-05-01 16:00:00,a,b,x,文本,c,1,1,0\n昨天,a,b,是,文本,c,1,1,0\n";
  assert.deepEqual((await readSource(wechatmsg4xCsv, { path: "a.csv", content: head + rows })).problems, [
    "row 2: has 2 cells, too few",
    "row 3: its 是否我发送 is neither 是 nor 否",
    "row 4: its 时间 is no time",
  ]);
  const content = '{"session":"a","messages":[1,{"is_sender":2},{"is_sender":true,"time_str":""}]}';
  assert.deepEqual((await readSource(wechatmsg4xJson, { path: "a.json", content })).problems, [
    "message 1: not an object",
    "message 2: its is_sender is neither true nor false",
    "message 3: its time_str is no time",
  ]);
  const text = "会话：a\n导出时间：x\n\n[2024-13-01 16:00:00] 我\n好\n";
  assert.deepEqual((await readSource(wechatmsg4xTxt, { path: "a.txt", content: text })).problems, [
    "line 4: its time does not exist",
  ]);
});
