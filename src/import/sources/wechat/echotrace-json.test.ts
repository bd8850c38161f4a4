import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { echotraceJson } from "./echotrace-json.js";
import { weflowJson } from "./weflow/weflow-json.js";

const example = exampleExport("echotrace-json", "小满.json");

test("the format is known by session and messages without WeFlow's key", async () => {
  assert.ok((await sniffFile(echotraceJson, example)) >= 0.9);
  assert.equal(await sniffFile(weflowJson, example), 0);
  assert.equal(await sniffFile(echotraceJson, exampleExport("weflow-json", "texts/私聊_小满.json")), 0);
});

test("labels tell the type, numbers do not", async () => {
  const { messages, problems } = await readSource(echotraceJson, example);
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了",
    "-- 小满 red-packet: [红包] 恭喜发财，大吉大利",
    "-- 小满 transfer: [转账] ￥5",
    "-- 小满 link: [链接] 周末去哪玩",
    "-- 小满 chat-history: [聊天记录]",
    "-- 小满 channels: [视频号]",
    "--  system: [系统消息] 你已添加了小满，现在可以开始聊天了。",
    "-- 小满 image: [图片]",
    "-- 小满 unknown: [未知消息] 不知道",
  ]);
  assert.equal(messages[1]!.quoted, "到了没");
  assert.deepEqual(problems, []);
});
