import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import type { Draft } from "../../source.js";
import { wechatexporterHtml } from "./wechatexporter-html.js";
import { wechatexporterTxt } from "./wechatexporter-txt.js";

const PAGE = exampleExport("wechatexporter-html", "阿泽/小满/index.html");
const LATER = exampleExport("wechatexporter-html", "阿泽/小满/Files/Data/msg-1.js");
const TEXT = exampleExport("wechatexporter-txt", "阿泽/小满.txt");

/** What a test compares. */
function brief({ owner, sender, text, quoted }: Draft) {
  const side = owner === null ? "?" : owner ? ">" : "<";
  return [side, sender, text, ...(quoted === undefined ? [] : [quoted])];
}

test("told by their messages, whatever the files' names", async () => {
  assert.ok((await sniffFile(wechatexporterHtml, { ...PAGE, path: "a.txt" })) >= 0.9);
  assert.ok((await sniffFile(wechatexporterHtml, LATER)) >= 0.9);
  assert.ok((await sniffFile(wechatexporterTxt, TEXT)) >= 0.9);
  const untitled = { path: "a.txt", content: "小满 (2024-05-01 16:00:00):好\n" };
  assert.ok((await sniffFile(wechatexporterTxt, untitled)) >= 0.7);
  assert.equal(await sniffFile(wechatexporterTxt, PAGE), 0);
  assert.equal(await sniffFile(wechatexporterHtml, TEXT), 0);
  assert.equal(await sniffFile(wechatexporterHtml, { path: "a.js", content: "var msgArray = [];" }), 0);
});

test("a page: sides, accounts, quotes, media, notices at the time before them", async () => {
  const { messages, problems } = await readSource(wechatexporterHtml, PAGE);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "明天几点"],
    [">", "阿泽", "八点", "明天几点"],
    ["<", "小满", "[图片]"],
    [">", "阿泽", "[语音]"],
    ["<", "小满", "[语音]"],
    [">", "阿泽", "[链接] 周末去哪玩"],
    ["<", "小满", "[红包]"],
    ["<", "", "[撤回]"],
    ["<", "", "[系统消息] 以上是打招呼的内容"],
    [">", "阿泽", "a < b\n第二行 [捂脸] [图片]"],
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "小满", group: false });
  assert.equal(messages[0]!.senderId, "wxid_demo1");
  assert.equal(messages[0]!.time, 1714550400);
  assert.equal(messages[7]!.time, messages[6]!.time);
  assert.equal(messages[0]!.platformId, undefined);
});

test("what a page loads later belongs to the same chat", async () => {
  const { messages, problems } = await readSource(wechatexporterHtml, LATER);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", '后来的 "一条"'],
    [">", "阿泽", "[动画表情]"],
  ]);
  assert.equal(messages[0]!.conversation.name, "小满");
  assert.deepEqual(problems, []);
  const older = { ...LATER, path: "阿泽/小满_files/Data/msg-1.js" };
  assert.equal((await readSource(wechatexporterHtml, older)).messages[0]!.conversation.name, "小满");
});

test("scripts and pages that are cut off keep what is whole", async () => {
  const whole = LATER.content.toString();
  const cut = await readSource(wechatexporterHtml, { ...LATER, content: whole.slice(0, whole.length / 2) });
  assert.deepEqual(cut.problems, ["the file: holds no list msgArray of texts"]);
  const page = PAGE.content.toString();
  const half = await readSource(wechatexporterHtml, {
    ...PAGE,
    content: page.slice(0, page.indexOf("a_thumb")),
  });
  assert.deepEqual(half.messages.slice(0, 2).map(brief), [
    ["<", "小满", "明天几点"],
    [">", "阿泽", "八点", "明天几点"],
  ]);
  const untimed = page.replace("2024-05-01 16:00:00", "yesterday");
  const odd = await readSource(wechatexporterHtml, { ...PAGE, content: untimed });
  assert.deepEqual(odd.problems, ["message 1: its time is none"]);
});

test("text: further lines, quotes, and replies that name nobody", async () => {
  const { messages, problems, notes } = await readSource(wechatexporterTxt, TEXT, {
    named: { name: "小满", accountId: null },
  });
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "明天几点"],
    [">", "阿泽", "八点\n别迟到\n\n第三段"],
    ["<", "", "[未知消息]"],
    ["<", "小满", "[图片]"],
    [">", "阿泽", "[语音]"],
    ["<", "", "[撤回]"],
    ["<", "小满", "好[捂脸]", "八点"],
    [">", "阿泽", "[名片] 大刘"],
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(notes, [
    "1 replies to quoted messages name neither their author nor their time; their words are left out",
  ]);
  assert.equal(messages[1]!.time, 1714550460);
});

test("text: lines before the first message, impossible times, and groups", async () => {
  const content =
    "前言\n甲 (2024-05-01 16:00:00):a\n乙 (2024-02-30 16:00:00):b\n乙 (2024-05-01 16:00:02):b\n丙 (2024-05-01 16:00:03):c\n";
  const { messages, problems } = await readSource(wechatexporterTxt, { path: "群.txt", content });
  assert.deepEqual(messages.map(brief), [
    ["?", "甲", "a"],
    ["?", "乙", "b"],
    ["?", "丙", "c"],
  ]);
  assert.equal(messages[0]!.conversation.group, true);
  assert.deepEqual(problems, ["line 1: stands before the first message", "line 3: its time does not exist"]);
});
