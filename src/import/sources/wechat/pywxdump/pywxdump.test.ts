import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../../test/read-source.js";
import { readHead } from "../../../find-files.js";
import { pywxdumpCsv } from "./pywxdump-csv.js";
import { pywxdumpJson } from "./pywxdump-json.js";
import type { Draft } from "../../source.js";

const PART_1 = exampleExport("pywxdump-csv", "export/wxid_demo1/wxid_demo1_0_5000.csv");
const PART_2 = exampleExport("pywxdump-csv", "export/wxid_demo1/wxid_demo1_5000_10000.csv");
const USERS = exampleExport("pywxdump-csv", "export/wxid_demo1/users.json");
const JSON_FILE = exampleExport("pywxdump-json", "export/wxid_demo1/wxid_demo1_0_17.json");
const WECLONE = exampleExport("pywxdump-csv", "dataset/csv/小满/小满_0_4.csv");
const EXCEL = exampleExport("pywxdump-csv", "excel/小满/小满_0_3.csv");
const OLDER = exampleExport("pywxdump-csv", "older/小满/wxid_demo1_0_3.csv");

/** What a test compares. */
function brief({ owner, sender, text, quoted }: Draft) {
  return [owner ? ">" : "<", sender, text, ...(quoted === undefined ? [] : [quoted])];
}

/** A row of a text. */
const row = (own: number, talker: string, room: string): string =>
  `1,,文本,${own},${talker},${room},好,,2024-05-01 16:00:00`;

const SAID_1 = [
  ["<", "小满", "到了没"],
  [">", "", "快了", "到了没"],
  ["<", "小满", "[图片]"],
  [">", "", "[语音] 我晚点到"],
  ["<", "小满", "[动画表情]"],
  ["<", "小满", "[位置] 云栖苑"],
  [">", "", "[文件]"],
  [">", "", "[链接] 周末去哪玩"],
  [">", "", "[聊天记录]"],
  ["<", "小满", "[转账] ￥5.00"],
  ["<", "小满", "[通话] 通话时长 03:12"],
  ["<", "", "[系统消息] 以上是打招呼的消息"],
  [">", "", "[撤回]"],
  ["<", "小满", '[拍一拍] "小满" 拍了拍我'],
];
const SAID_2 = [
  ["<", "小满", "[未知消息]"],
  [">", "阿泽", "好[捂脸]"],
];

test("told by header or keys; the list of people goes with them", async () => {
  for (const file of [PART_1, PART_2, WECLONE, EXCEL, OLDER])
    assert.ok((await sniffFile(pywxdumpCsv, file)) >= 0.9, file.path);
  assert.ok((await sniffFile(pywxdumpJson, JSON_FILE)) >= 0.9);
  assert.equal(await sniffFile(pywxdumpCsv, JSON_FILE), 0);
  assert.equal(await sniffFile(pywxdumpJson, USERS), 0);
  for (const source of [pywxdumpCsv, pywxdumpJson]) {
    assert.equal(source.isCompanion!(await readHead(memoryFile(USERS))), true);
    assert.equal(source.isCompanion!(await readHead(memoryFile(JSON_FILE))), false);
    const slack = { path: "users.json", content: '[{"id":"U1","name":"june"}]' };
    assert.equal(source.isCompanion!(await readHead(memoryFile(slack))), false);
  }
});

test("both parts of a chat, with the names of users.json", async () => {
  const named = { name: "wxid_demo1_0_5000", accountId: null };
  const first = await readSource(pywxdumpCsv, PART_1, { named }, [USERS]);
  const second = await readSource(pywxdumpCsv, PART_2, {}, [USERS]);
  assert.deepEqual(first.messages.map(brief), SAID_1);
  assert.deepEqual(second.messages.map(brief), SAID_2);
  assert.deepEqual([...first.problems, ...second.problems, ...first.notes, ...second.notes], []);
  for (const { messages } of [first, second])
    assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(first.messages[0]!.platformId, "7000000000000000001");
  assert.equal(first.messages[0]!.senderId, "wxid_demo1");
  assert.equal(first.messages[1]!.senderId, undefined);
  assert.equal(second.messages[1]!.senderId, "wxid_me0");
  assert.equal(first.messages[0]!.time, 1714550400);
});

test("without the list, people are called by their accounts", async () => {
  const named = { name: "wxid_demo1_0_5000", accountId: null };
  const { messages } = await readSource(pywxdumpCsv, PART_1, { named });
  assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "", group: false });
  assert.equal(messages[0]!.sender, "wxid_demo1");
});

test("the JSON says the same as the parts", async () => {
  const { messages, problems } = await readSource(pywxdumpJson, JSON_FILE, {}, [USERS]);
  assert.deepEqual(messages.map(brief), [...SAID_1, ...SAID_2]);
  assert.deepEqual(problems, []);
  assert.equal(messages[0]!.platformId, "7000000000000000001");
});

test("WeClone's: English types, what was passed on, the folder's name", async () => {
  const { messages, problems } = await readSource(pywxdumpCsv, WECLONE, {
    named: { name: "小满_0_4", accountId: null },
  });
  assert.deepEqual(
    messages.map(({ kind, text, forwarded }) => [kind, text, forwarded]),
    [
      ["text", "到了没", undefined],
      ["text", "转一段别人写的", true],
      ["sticker", "[动画表情]", undefined],
      ["image", "[图片]", undefined],
    ],
  );
  assert.deepEqual(problems, []);
  assert.equal(messages[0]!.conversation.name, "小满");
});

test("a table that Excel has saved: GBK, no seconds, no ids, and a note", async () => {
  const { messages, problems, notes } = await readSource(pywxdumpCsv, EXCEL);
  assert.deepEqual(
    messages.map(({ text, time, platformId }) => [text, time, platformId]),
    [
      ["到了没", 1714550400, undefined],
      ["FALSE", 1714550520, undefined],
      ["7", 1714525500, undefined],
    ],
  );
  assert.deepEqual(problems, []);
  assert.ok(notes.some((note) => note.startsWith("a spreadsheet has saved this table again")));
});

test("the older columns: the words as JSON in content, as Python prints it, or broken", async () => {
  const { messages, problems } = await readSource(pywxdumpCsv, OLDER);
  assert.deepEqual(messages.map(brief), [
    ["<", "小满", "到了没"],
    [">", "", "[图片]"],
  ]);
  assert.deepEqual(problems, ["row 4: its content is no JSON"]);
});

test("groups, official accounts and several chats in one table", async () => {
  const rows = [
    row(0, "wxid_a", "1@chatroom"),
    row(1, "我", "1@chatroom"),
    row(0, "gh_0a", "gh_0a"),
    row(1, "我", "gh_0a"),
  ];
  const content = `id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\r\n${rows.join("\r\n")}\r\n`;
  const { messages } = await readSource(pywxdumpCsv, { path: "a.csv", content });
  assert.deepEqual(
    messages.map(({ conversation, sender, bot }) => [conversation.id, conversation.group, sender, bot]),
    [
      ["1@chatroom", true, "wxid_a", undefined],
      ["1@chatroom", true, "", undefined],
      ["gh_0a", false, "gh_0a", true],
      ["gh_0a", false, "", undefined],
    ],
  );
});

test("bad rows and objects are problems of their own", async () => {
  const head = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime";
  const content = `${head}\n1,2\n1,,文本,x,我,w,a,,2024-05-01 16:00:00\n1,,文本,1,我,w,a,,gestern\n1,,文本,1,我,w,,,2024-05-01 16:00:00\n`;
  const { messages, problems } = await readSource(pywxdumpCsv, { path: "a.csv", content });
  assert.deepEqual(messages, []);
  assert.deepEqual(problems, [
    "row 2: has 2 cells, too few",
    "row 3: its is_sender is neither 0 nor 1",
    "row 4: its CreateTime is no time",
  ]);
  const json = await readSource(pywxdumpJson, { path: "a.json", content: '[1,{"is_sender":1}]' });
  assert.deepEqual(json.problems, ["message 1: not an object", "message 2: its CreateTime is no time"]);
});
