import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { memotraceV3Csv } from "./memotrace-v3-csv.js";

const FILE = exampleExport("memotrace-v3-csv", "聊天记录/小满(wxid_demo1)/小满.csv");
const HEADER = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息";
const named = { name: "小满", accountId: "wxid_demo1" };

/** A table of texts: id, sender, remark, content. */
function table(...rows: [string, string, string, string][]): string {
  const lines = rows.map(([id, sender, remark, text]) =>
    [id, "文本", sender, "2024-05-01 16:00:00", text, remark, sender, "more"].join(","),
  );
  return `\uFEFF${[HEADER, ...lines].join("\r\n")}\r\n`;
}

test("told by the header", async () => {
  assert.ok((await sniffFile(memotraceV3Csv, FILE)) >= 0.9);
  assert.equal(await sniffFile(memotraceV3Csv, { path: "a.csv", content: "类型,时间,内容\r\n" }), 0);
});

test("kinds, quotes, and the owner as the one who is not called as the folder is", async () => {
  const { messages, problems, notes } = await readSource(memotraceV3Csv, FILE, { named });
  assert.deepEqual(
    messages.map(({ owner, sender, kind, text, quoted }) => [owner ? ">" : "<", sender, kind, text, quoted]),
    [
      ["<", "小满", "text", "明天几点", undefined],
      [">", "阿泽", "text", "八点", "明天几点"],
      ["<", "小满", "image", "[图片]", undefined],
      [">", "阿泽", "voice", "[语音] 我晚点到", undefined],
      ["<", "小满", "sticker", "[动画表情] 小狗摇头", undefined],
      ["<", "小满", "location", "[位置] 云栖苑", undefined],
      [">", "阿泽", "link", "[链接] 周末去哪玩", undefined],
      [">", "阿泽", "transfer", "[转账] ￥5.00", undefined],
      ["<", "小满", "red-packet", "[红包] 恭喜发财，大吉大利", undefined],
      ["<", "小满", "call", "[通话] 通话时长 03:12", undefined],
      [">", "阿泽", "chat-history", "[聊天记录]", undefined],
      ["<", "", "recalled", "[撤回]", undefined],
      ["<", "", "pat", '[拍一拍] "小满" 拍了拍我', undefined],
      ["<", "小满", "red-packet", "[红包]", undefined],
      [">", "阿泽", "text", "好[捂脸]\n\n[图片]这两个字是我打的", undefined],
    ],
  );
  assert.deepEqual([problems, notes], [[], []]);
  const [first] = messages;
  assert.deepEqual(first!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(first!.platformId, "7000000000000000001");
  assert.equal(first!.senderId, "wxid_demo1");
  assert.equal(first!.time, 1714550400);
  assert.equal(first!.originalType, "文本");
});

test("a group's members are nobody's owner", async () => {
  const content = table(["7001", "小满", "小满", "a"], ["7002", "阿泽", "阿泽", "b"]);
  const file = { path: "徒步(1234@chatroom)/徒步.csv", content };
  const { messages } = await readSource(memotraceV3Csv, file);
  assert.deepEqual(
    messages.map(({ owner, conversation, senderId }) => [
      owner,
      conversation.group,
      conversation.id,
      senderId,
    ]),
    [
      [null, true, "1234@chatroom", undefined],
      [null, true, "1234@chatroom", undefined],
    ],
  );
});

test("who the owner is stays open if nobody bears the contact's name", async () => {
  const content = table(["7001", "小满", "小满", "a"], ["7002", "阿泽", "阿泽", "b"]);
  const { messages } = await readSource(memotraceV3Csv, { path: "妹妹(wxid_demo1)/妹妹.csv", content });
  assert.deepEqual(
    messages.map(({ owner }) => owner),
    [null, null],
  );
});

test("a remark that no folder can bear, and a copy of the export, are the contact's still", async () => {
  const content = table(["7001", "小满/工作", "小满/工作", "a"], ["7002", "阿泽", "阿泽", "b"]);
  const file = { path: "小满_工作(wxid_demo1)/小满_工作(1).csv", content };
  assert.deepEqual(
    (await readSource(memotraceV3Csv, file)).messages.map(({ owner }) => owner),
    [false, true],
  );
  const alone = { path: "小满_工作.csv", content };
  assert.deepEqual(
    (await readSource(memotraceV3Csv, alone)).messages.map(({ owner }) => owner),
    [false, true],
  );
});

test("ids that a spreadsheet has rounded are left out", async () => {
  const content = table(
    ["7E+18", "小满", "小满", "a"],
    ["7000000000000000000", "小满", "小满", "b"],
    ["", "小满", "小满", "c"],
  );
  const { messages } = await readSource(memotraceV3Csv, { path: "小满.csv", content });
  assert.deepEqual(
    messages.map(({ platformId }) => platformId),
    [undefined, undefined, undefined],
  );
});

test("bad rows and columns are problems of their own", async () => {
  const rows =
    "1,文本\r\n7002,文本,小满,昨天,a,小满,小满,more\r\n7003,文本,小满,2024-02-30 10:00:00,a,小满,小满,more\r\n";
  const { messages, problems } = await readSource(memotraceV3Csv, {
    path: "小满.csv",
    content: `${HEADER}\r\n${rows}`,
  });
  assert.deepEqual(messages, []);
  assert.deepEqual(problems, [
    "row 2: has 2 cells, too few",
    "row 3: its 时间 is no time",
    "row 4: its 时间 is no time",
  ]);
  const other = await readSource(memotraceV3Csv, {
    path: "a.csv",
    content: "消息ID,类型,发送人\r\n1,2,3\r\n",
  });
  assert.deepEqual(other.problems, ["row 1: has no column 时间"]);
});
