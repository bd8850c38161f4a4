import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../../test/read-source.js";
import { readHead } from "../../../find-files.js";
import { memotraceV2Csv } from "./memotrace-v2-csv.js";

const CONTACT = exampleExport("memotrace-v2-csv", "聊天记录/小满/小满_utf8.csv");
const ALL = exampleExport("memotrace-v2-csv", "聊天记录/messages.csv");
const CONTACTS = exampleExport("memotrace-v2-csv", "聊天记录/contacts.csv");
const HEADER =
  "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender";
const named = { name: "小满", accountId: null };

/** A row of a text. */
const row = (own: number, text: string, sender: string) =>
  `1,3,1,0,${own},1714550400,0,${text},2024-05-01 16:00:00,,${sender},${sender}\r\n`;

test("told by the header, with or without byte order mark; a list of contacts goes with it", async () => {
  assert.ok((await sniffFile(memotraceV2Csv, CONTACT)) >= 0.9);
  assert.ok((await sniffFile(memotraceV2Csv, { path: "a.txt", content: `${HEADER}\r\n` })) >= 0.9);
  assert.equal(await sniffFile(memotraceV2Csv, { path: "a.csv", content: "id,name\r\n1,2\r\n" }), 0);
  assert.ok((await sniffFile(memotraceV2Csv, CONTACTS)) >= 0.9);
  assert.equal(memotraceV2Csv.isCompanion!(await readHead(memoryFile(CONTACTS))), true);
  assert.equal(memotraceV2Csv.isCompanion!(await readHead(memoryFile(CONTACT))), false);
  const members = {
    path: "群/contacts.csv",
    content: "微信ID,微信号,昵称,群昵称\r\nwxid_demo1,,Lin,小满\r\n",
  };
  assert.equal(memotraceV2Csv.isCompanion!(await readHead(memoryFile(members))), true);
});

test("a contact's file: kinds, owner, names and times as they stand there", async () => {
  const { messages } = await readSource(memotraceV2Csv, CONTACT, { named });
  assert.deepEqual(
    messages.map(({ time, owner, sender, text, originalType }) => [
      time! - 1714550400,
      owner ? ">" : "<",
      sender,
      text,
      originalType,
    ]),
    [
      [0, "<", "小满", "明天几点", "1,0"],
      [60, ">", "阿泽", "八点\n别迟到", "1,0"],
      [75, ">", "阿泽", "[未知消息]", "49,57"],
      [90, "<", "小满", "[图片]", "3,0"],
      [120, ">", "阿泽", "[语音]", "34,0"],
      [130, "<", "小满", "[动画表情]", "47,0"],
      [150, "<", "小满", "[位置] 云栖苑", "48,0"],
      [160, ">", "阿泽", "[名片] 大刘", "42,0"],
      [170, ">", "阿泽", "[视频]", "43,0"],
      [180, "<", "小满", "[链接]", "49,5"],
      [200, "<", "小满", "[通话]", "50,0"],
      [210, "<", "", "[系统消息] 收到红包，请在手机上查看", "10000,0"],
      [220, ">", "阿泽", "[撤回]", "10000,0"],
      [230, ">", "阿泽", '好[捂脸]"引号",逗号', "1,0"],
      [240, "<", "小满", "[未知消息]", "49,57"],
      [260, ">", "阿泽", "[转账]", "49,2000"],
      [300, "<", "小满", "最后一句", "1,0"],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: "wxid_demo1", name: "小满", group: false });
  assert.equal(messages[1]!.senderId, "wxid_me0");
  assert.ok(messages.every(({ platformId, session }) => platformId === undefined && session === null));
});

test("lost replies are one note; each bad row is one problem and the rest goes on", async () => {
  const { notes, problems } = await readSource(memotraceV2Csv, CONTACT, { named });
  assert.deepEqual(notes, [
    "the words of 2 quote replies are not in this export; MemoTrace 2 leaves them out of its CSV",
  ]);
  assert.deepEqual(problems, [
    "row 19: has 2 cells, too few",
    "row 20: its Type is no number",
    "row 21: its IsSender is neither 0 nor 1",
    "row 22: its CreateTime is no time",
  ]);
});

test("messages.csv: chats by number and name, groups by who writes, the owner is 我", async () => {
  const { messages } = await readSource(memotraceV2Csv, ALL);
  assert.deepEqual(
    messages.map(({ conversation, owner, sender, text }) => [
      conversation.name + (conversation.group ? "#" : ""),
      owner ? ">" : "<",
      sender,
      text,
    ]),
    [
      ["小满", "<", "小满", "明天几点"],
      ["徒步小分队#", ">", "", "周六谁去"],
      ["小满", ">", "", "八点\n别迟到"],
      ["徒步小分队#", "<", "大刘", "我去"],
      ["韩老师", "<", "韩老师", "另一个库里的三号"],
      ["徒步小分队#", "<", "", '[系统消息] "大刘"邀请"小满"加入了群聊'],
      ["徒步小分队#", "<", "小满", "我也去"],
      ["韩老师", ">", "", "收到"],
    ],
  );
});

test("a group's own file is a group; official accounts write by program", async () => {
  const group = {
    path: "群_utf8.csv",
    content: `${HEADER}\r\n${row(0, "a", "wxid_a")}${row(0, "b", "wxid_b")}`,
  };
  assert.equal((await readSource(memotraceV2Csv, group)).messages[0]!.conversation.group, true);
  const official = {
    path: "号_utf8.csv",
    content: `${HEADER}\r\n${row(0, "a", "gh_0a")}${row(1, "b", "wxid_me0")}`,
  };
  const { messages } = await readSource(memotraceV2Csv, official);
  assert.deepEqual(
    messages.map(({ bot, conversation }) => [bot, conversation.group]),
    [
      [true, false],
      [undefined, false],
    ],
  );
});

test("nothing but a header is no message and no problem", async () => {
  const empty = await readSource(memotraceV2Csv, { path: "a.csv", content: `\uFEFF${HEADER}\r\n` });
  assert.deepEqual(empty, { messages: [], problems: [], notes: [], owners: [] });
});
