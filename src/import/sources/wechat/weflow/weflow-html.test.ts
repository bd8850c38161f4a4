import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { weflowHtml } from "./weflow-html.js";

const example = (path: string) => exampleExport("weflow-html", path);
const friend = await readSource(weflowHtml, example("小满.html"));

test("the page and its scripts are known by the names in them", async () => {
  for (const path of ["小满.html", "大群.html", "大群_data/chunk-000000.js"])
    assert.ok((await sniffFile(weflowHtml, example(path))) >= 0.9, path);
  assert.equal(await sniffFile(weflowHtml, { path: "a.html", content: "<title>小满 - 聊天记录</title>" }), 0);
});

test("bubbles are read without their times, quotes and pictures", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没 <3",
    "me  text: 快了[捂脸]\n等我",
    "-- 小满 image: [图片]",
    "-- 小满 voice: [语音] 我晚点到",
    "me  file: [文件] 方案.pdf",
    "-- 小满 link: [链接] 周末去哪玩",
    "-- 小满 recalled: [撤回]",
    "me  transfer: [转账] 发送 ￥5",
  ]);
  const [first, second] = friend.messages;
  assert.deepEqual([second!.quoted, second!.replyTo], ["到了没", first!.platformId]);
  assert.deepEqual(first!.conversation, { id: null, name: "小满", group: false });
  assert.deepEqual(friend.problems, ["message 9: its t is no time"]);
});

test("a large chat has its messages in a folder beside the page, which tells its name", async () => {
  const page = await readSource(weflowHtml, example("大群.html"));
  assert.deepEqual([page.messages.length, page.problems.length, page.notes.length], [0, 0, 1]);
  const chunk = example("大群_data/chunk-000000.js");
  for (const beside of [[example("大群.html")], []]) {
    const { messages } = await readSource(weflowHtml, chunk, {}, beside);
    assert.deepEqual(said(messages), ["-- 小满 text: 周六去不去", "me 阿泽 text: 去"]);
    assert.deepEqual(messages[0]!.conversation, { id: null, name: "大群", group: beside.length > 0 });
  }
});
