import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { lineDay, lineHead, lineTitle } from "./line-heads.js";
import { lineTxt } from "./line-txt.js";

const chinese = exampleExport("line-txt", "[LINE] 与小满的聊天记录.txt");
const japanese = exampleExport("line-txt", "[LINE] みおとのトーク履歴.txt");
const group = exampleExport("line-txt", "[LINE] Hiking.txt");
const desktop = exampleExport("line-txt", "[LINE] Chat with Mira Lund.txt");

test("is sure of titled files, less sure of bare ones, and not of others", async () => {
  for (const example of [chinese, japanese, group, desktop])
    assert.ok((await sniffFile(lineTxt, example)) >= 0.9);
  assert.equal(await sniffed("2024/05/01(水)\n16:00\tみお\tもう着いた？\n"), 0.8);
  assert.equal(await sniffed("2024.05.01 Wednesday\n16:00 Mira hi\n"), 0.5);
  for (const content of ["2024/05/01(水)\nnotes of the day\n", "16:00\tMira\thi\n", "[LINE] something\n"])
    assert.equal(await sniffed(content), 0);
});

test("Chinese: 12-hour marks, words of several lines, what was taken back", async () => {
  const { messages, problems, owners } = await readSource(lineTxt, chinese);
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, ["阿泽"]);
  assert.deepEqual(
    messages.map(({ sender, owner, kind, text }) => [sender, owner, kind, text]),
    [
      ["", false, "system", "[系统消息] 小满加入了聊天"],
      ["小满", false, "text", "到了没"],
      ["阿泽", null, "text", "快了\n2024/5/1周三\n10:30 牙医\n等我"],
      ["小满", false, "image", "[图片]"],
      ["小满", false, "text", '"到"'],
      ["小满", false, "text", "[捂脸]"],
      ["", true, "recalled", "[撤回]"],
      ["小满", null, "recalled", "[撤回]"],
      ["小满", false, "text", "晚安\t好梦"],
      ["阿泽", null, "call", "[通话] 通话时间 1:05"],
    ],
  );
  const at = (index: number) => new Date(messages[index]!.time! * 1000).toISOString().slice(0, 16);
  assert.deepEqual([at(1), at(8), at(9)], ["2024-05-01T08:00", "2024-04-30T16:05", "2024-05-02T04:30"]);
  assert.deepEqual(messages.at(-1)!.conversation, { id: null, name: "小满", group: false });
});

test("Japanese", async () => {
  const { messages, problems, owners } = await readSource(lineTxt, japanese);
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, ["ゼー"]);
  assert.deepEqual(
    messages.map(({ sender, kind, text }) => [sender, kind, text]),
    [
      ["みお", "text", "もう着いた？"],
      ["ゼー", "text", "もうすぐ\n待ってて"],
      ["みお", "sticker", "[动画表情]"],
      ["みお", "image", "[图片]"],
      ["みお", "voice", "[语音]"],
      ["みお", "recalled", "[撤回]"],
      ["ゼー", "call", "[通话] 不在着信"],
      ["みお", "image", "[图片]"],
      ["ゼー", "text", "おやすみ"],
    ],
  );
});

test("a group: the title says so, and the owner is not known", async () => {
  const { messages, problems, owners } = await readSource(lineTxt, group);
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, []);
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "Hiking", group: true });
  assert.deepEqual(
    messages.map(({ sender, kind, text }) => [sender, kind, text]),
    [
      ["Mira Lund", "text", "ready?"],
      ["Jonas", "file", "[文件] map.pdf"],
      ["Ze", "text", '"yes" he said'],
      ["Mira Lund", "recalled", "[撤回]"],
      ["", "system", "[系统消息] Ada joined the group"],
      ["Jonas", "voice", "[语音]"],
    ],
  );
  assert.equal(new Date(messages[5]!.time! * 1000).toISOString(), "2024-05-01T16:05:00.000Z");
});

test("columns divided by spaces: names with spaces, times within quoted words", async () => {
  const { messages, problems, owners } = await readSource(lineTxt, desktop);
  assert.deepEqual(problems, []);
  assert.deepEqual(owners, ["Ze"]);
  assert.deepEqual(
    messages.map(({ sender, kind, text }) => [sender, kind, text]),
    [
      ["Mira Lund", "text", "where are you?"],
      ["Ze", "text", "on my way"],
      ["Ze", "text", "list:\n10:30 dentist\n11:00 Mira"],
      ["Mira Lund", "sticker", "[动画表情]"],
      ["Mira Lund", "recalled", "[撤回]"],
      ["Ze", "image", "[图片]"],
    ],
  );
});

test("titles", () => {
  assert.equal(titled("[LINE] Chat history with Mira in Oslo"), "chat Mira in Oslo");
  assert.equal(titled("[LINE] 登山のトーク履歴"), "group 登山");
  assert.equal(titled("[LINE] 與小明的聊天記錄"), "chat 小明");
  assert.equal(titled("[LINE] 週末爬山團的聊天記錄"), "group 週末爬山團");
  assert.equal(titled("Chat history with Mira"), undefined);
});

test("day lines", () => {
  assert.equal(dated("2024/05/01(水)"), "2024-5-1");
  assert.equal(dated("2024/05/01（三）"), "2024-5-1");
  assert.equal(dated("2024/5/1周三"), "2024-5-1");
  assert.equal(dated("2024.05.01 Wednesday"), "2024-5-1");
  assert.equal(dated("Wed, 5/1/2024"), "2024-5-1");
  assert.equal(dated("Wed, 01/05/2024"), "2024-5-1");
  assert.equal(dated("Fri, 31/05/2024"), "2024-5-31");
  assert.equal(dated("2024/05/01"), "");
  assert.equal(dated("2024/05/01(水) と言った"), "");
});

test("heads", () => {
  assert.deepEqual(lineHead("04:00PM\ta\tb"), { hour: 16, minute: 0, columns: ["a", "b"], tabs: true });
  assert.equal(lineHead("午後0:30\ta\tb")!.hour, 12);
  for (const text of ["25:00\ta\tb", "16:61\ta\tb", "16:00", "at 16:00\ta\tb"])
    assert.equal(lineHead(text), undefined);
});

test("a file that is cut off keeps the rest; without a day there is no time", async () => {
  const content =
    "16:00\tMira\thi\n2024/02/31(土)\n16:01\tMira\tno\n2024/05/01(水)\nlost line\n16:02\tMira\tyes";
  const { messages, problems, notes } = await readSource(lineTxt, { path: "a.txt", content });
  assert.deepEqual(
    messages.map(({ text, time }) => [text, time]),
    [
      ["hi", null],
      ["yes", 1714550520],
    ],
  );
  assert.deepEqual(problems, ["line 3: no such date", "line 5: belongs to no message"]);
  assert.deepEqual(notes, ["1 messages come before any day, so their time is unknown"]);
});

async function sniffed(content: string): Promise<number> {
  return sniffFile(lineTxt, { path: "a.txt", content });
}

function titled(text: string): string | undefined {
  const title = lineTitle(text);
  return title && `${title.group ? "group" : "chat"} ${title.name}`;
}

function dated(text: string): string {
  return Object.values(lineDay(text) ?? {}).join("-");
}
