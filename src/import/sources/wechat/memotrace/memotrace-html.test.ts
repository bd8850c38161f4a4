import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { memotraceHtml } from "./memotrace-html.js";
import { memotraceHtmlJson } from "./memotrace-html-json.js";
import type { Draft } from "../../source.js";

const JSON3 = exampleExport("memotrace-html-json", "聊天记录/小满(wxid_demo1)/小满.html.json");
const PAGE3 = exampleExport("memotrace-html", "3/聊天记录/小满(wxid_demo1)/小满.html");
const PAGE2 = exampleExport("memotrace-html", "2/聊天记录/小满/小满.html");

/** What a test compares. */
function brief({ owner, sender, kind, text, quoted }: Draft) {
  const side = owner === null ? "?" : owner ? ">" : "<";
  return [side, sender, kind, text, ...(quoted === undefined ? [] : [quoted])];
}

const SAID_3 = [
  ["<", "小满", "text", "明天几点"],
  [">", "阿泽", "text", "八点", "明天几点"],
  ["<", "小满", "image", "[图片]"],
  [">", "阿泽", "voice", "[语音] 我晚点到"],
  ["<", "小满", "sticker", "[动画表情] 小狗摇头"],
  ["<", "小满", "location", "[位置] 云栖苑"],
  [">", "阿泽", "file", "[文件] 方案.pdf"],
  [">", "阿泽", "link", "[链接] 周末<去哪>玩 & 吃"],
  [">", "阿泽", "transfer", "[转账] ￥5.00"],
  ["<", "小满", "red-packet", "[红包] 恭喜发财，大吉大利"],
  ["<", "小满", "call", "[通话] 通话时长 03:12"],
  [">", "阿泽", "chat-history", "[聊天记录]"],
  ["<", "小满", "pat", '[拍一拍] "小满" 拍了拍我'],
  [">", "阿泽", "recalled", "[撤回]"],
  ["<", "小满", "contact-card", "[名片] 大刘"],
  [">", "阿泽", "note", "[笔记] 装修清单"],
  ["<", "小满", "text", "好[捂脸]", "[图片]"],
  [">", "阿泽", "text", 'a < b & "c"\n它\'s [图片]'],
];

test("told by what stands in them, not by their names", async () => {
  assert.ok((await sniffFile(memotraceHtmlJson, { ...JSON3, path: "a.txt" })) >= 0.9);
  assert.ok((await sniffFile(memotraceHtml, PAGE3)) >= 0.9);
  assert.ok((await sniffFile(memotraceHtml, PAGE2)) >= 0.9);
  assert.equal(await sniffFile(memotraceHtmlJson, PAGE3), 0);
  assert.equal(await sniffFile(memotraceHtml, JSON3), 0);
  assert.equal(
    await sniffFile(memotraceHtml, { path: "a.html", content: "<html><title>x</title></html>" }),
    0,
  );
  const late = `<html><p id="title">小满</p><style>${"a{}".repeat(30_000)}</style><script>const chatMessages = [`;
  assert.ok((await sniffFile(memotraceHtml, { path: "a.html", content: late })) >= 0.5);
});

test("version 3's JSON: types, ids, quotes by id", async () => {
  const { messages, problems, notes } = await readSource(memotraceHtmlJson, JSON3);
  assert.deepEqual(messages.map(brief), SAID_3);
  assert.deepEqual([problems, notes], [[], []]);
  assert.deepEqual(messages[1], {
    conversation: { id: "wxid_demo1", name: "小满", group: false },
    session: null,
    sender: "阿泽",
    owner: true,
    time: 1714550460,
    kind: "text",
    text: "八点",
    platformId: "7000000000000000002",
    replyTo: "7000000000000000001",
    quoted: "明天几点",
    originalType: "244813135921",
  } satisfies Draft);
  assert.equal(messages[0]!.senderId, "wxid_demo1");
});

test("version 3's page says the same, and gives way to the JSON beside it", async () => {
  const alone = await readSource(memotraceHtml, PAGE3);
  const whole = await readSource(memotraceHtmlJson, JSON3);
  assert.deepEqual(alone.messages, whole.messages);
  const json = { ...JSON3, path: `${PAGE3.path}.json` };
  const together = await readSource(memotraceHtml, PAGE3, {}, [json]);
  assert.deepEqual(together.messages, []);
  assert.deepEqual(together.notes, ["holds the same messages as 小满.html.json, which is read instead"]);
  const elsewhere = await readSource(memotraceHtml, PAGE3, {}, [{ ...JSON3, path: `other/小满.html.json` }]);
  assert.equal(elsewhere.messages.length, SAID_3.length);
});

test("version 2's page: emoji pictures, entities, a call without a side, a title with a quotation mark", async () => {
  const { messages, problems } = await readSource(memotraceHtml, PAGE2);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "text", "明天几点"],
    [">", "阿泽", "text", "八点\n别迟到", "明天几点"],
    ["<", "小满", "image", "[图片]"],
    [">", "阿泽", "voice", "[语音] 我晚点到"],
    [">", "阿泽", "file", "[文件] 方案.pdf"],
    [">", "阿泽", "link", "[链接] 周末去哪玩"],
    [">", "阿泽", "transfer", "[转账] ￥5.00"],
    ["<", "小满", "call", "[通话] 通话时长 03:12"],
    [">", "", "recalled", "[撤回]"],
    ["<", "小满", "text", "好[捂脸][玫瑰]"],
    [">", "阿泽", "text", 'a < b & "c"\n它\'s {x} [图片] \\o/'],
  ]);
  assert.deepEqual(problems, ["message 7: not an object of JavaScript"]);
  assert.equal(messages[1]!.originalType, "49,57");
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "小满", group: false });
});

test("a page that is cut off, has no list, or holds what is no message", async () => {
  const head = '<html><p id="title">a</p><script>const chatMessages = [';
  const one = "{ type:1, text: 'a',is_send:0,timestamp:1714550400,is_chatroom:1,displayname:'甲'},";
  const cut = await readSource(memotraceHtml, {
    path: "群/群.html",
    content: `${head}${one}{ type:1, text: 'b`,
  });
  assert.deepEqual(
    cut.messages.map(({ text, conversation }) => [text, conversation.group]),
    [["a", true]],
  );
  assert.deepEqual(cut.problems, ["message 2: not an object of JavaScript"]);
  const none = await readSource(memotraceHtml, { path: "a.html", content: "<html></html>" });
  assert.deepEqual(none.problems, ["the file: holds no list chatMessages"]);
  const odd = `${head}[1],{},{type:1,timestamp:"x"},{type:1,timestamp:1714550400,is_send:7}]`;
  assert.deepEqual((await readSource(memotraceHtml, { path: "a.html", content: odd })).problems, [
    "message 1: not an object",
    "message 2: has no type",
    "message 3: its timestamp is no time",
    "message 4: its is_send is neither true nor false",
  ]);
});

test("nothing in a page is run", async () => {
  const evil =
    "{ type:1, text: (() => { globalThis.ran = true; return 'a' })(),is_send:0,timestamp:1714550400},";
  const content = `<html><script>const chatMessages = [${evil}]`;
  const { messages, problems } = await readSource(memotraceHtml, { path: "a.html", content });
  assert.deepEqual(messages, []);
  assert.equal(problems.length, 1);
  assert.equal("ran" in globalThis, false);
});

test("ids keep all their digits, and a message without any has none", async () => {
  const fields = '"type":"1","is_send":1,"timestamp":1714550400,"display_name":"阿泽","text":"a"';
  const content = `[{${fields},"server_id":7000000000000000001},{${fields},"server_id":"0"},{${fields}}]`;
  const { messages } = await readSource(memotraceHtmlJson, {
    path: "小满(wxid_demo1)/小满.html.json",
    content,
  });
  assert.deepEqual(
    messages.map(({ platformId }) => platformId),
    ["7000000000000000001", undefined, undefined],
  );
});
