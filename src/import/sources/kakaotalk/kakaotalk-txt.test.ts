import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { type Read, readSource, sniffFile } from "../../../../test/read-source.js";
import { kakaotalkTxt } from "./kakaotalk-txt.js";

const example = (name: string) => exampleExport("kakaotalk-txt", name);
const windows = example("KakaoTalk_20240502_1000_00_000_민수.txt");
const ios = example("Talk_2024.5.2 10_00-1.txt");
const android = example("KakaoTalkChats.txt");
const english = example("KakaoTalk Chats with John.txt");
const englishWindows = example("KakaoTalk_20240502_1000_00_000_John.txt");

test("is sure of its files, less sure of parts of them, and not of others", async () => {
  for (const file of [windows, ios, android, english, englishWindows])
    assert.ok((await sniffFile(kakaotalkTxt, file)) >= 0.9);
  assert.equal(await sniffed("2024. 5. 1. 16:00, 민수 : 밥 먹었어?\n"), 0.85);
  for (const content of [
    "2024년 5월 1일 오후 4:00 - 민수: 밥 먹었어?\n",
    "[2024. 5. 1. 오후 4:00:00] 민수: 밥 먹었어?\n",
    "[민수] [오후 4:00] 밥 먹었어?\n",
    "May 1, 2024, 4:00 PM - John: hi\n",
  ])
    assert.equal(await sniffed(content), 0);
});

test("Windows, Korean", async () => {
  const read = await readSource(kakaotalkTxt, windows);
  assert.deepEqual(read.problems, []);
  assert.deepEqual(read.owners, ["제이"]);
  assert.deepEqual(said(read), [
    ["16:00", "민수", "text", "밥 먹었어?"],
    ["16:01", "제이", "text", "응\n너는?\n\n아직?"],
    ["16:02", "민수", "image", "[图片]"],
    ["16:03", "민수", "sticker", "[动画表情]"],
    ["16:04", "민수", "recalled", "[撤回]"],
    ["16:05", "제이", "file", "[文件] 메뉴.pdf"],
    ["16:06", "민수", "call", "[通话] 보이스톡 해요"],
    ["16:07", "제이", "text", "[중요] [오후 5:00] 회의"],
    ["00:10", "민수", "text", "잘자"],
  ]);
  assert.deepEqual(read.messages[0]!.conversation, { id: null, name: "민수", group: false });
  assert.deepEqual([read.messages[0]!.owner, read.messages[1]!.owner], [false, null]);
});

test("iOS: joins are notices, a colon within the words is no border", async () => {
  const read = await readSource(kakaotalkTxt, ios, { named: { name: "등산", accountId: null } });
  assert.deepEqual(read.problems, []);
  assert.deepEqual(read.owners, []);
  assert.deepEqual(said(read), [
    ["16:00", "민수", "text", "밥 먹었어?"],
    ["16:01", "제이", "text", "응 : 그래\n너는?"],
    ["16:02", "", "system", "[系统消息] 지우님이 들어왔습니다."],
    ["16:03", "지우", "video", "[视频]"],
    ["00:10", "민수", "text", "잘자"],
  ]);
  assert.equal(read.messages.at(-1)!.conversation.group, true);
});

test("Android: bare times part messages, photos follow without a head", async () => {
  const read = await readSource(kakaotalkTxt, android);
  assert.deepEqual(read.problems, []);
  assert.deepEqual(said(read), [
    ["16:00", "민수", "image", "[图片]"],
    ["16:00", "민수", "image", "[图片]"],
    ["16:01", "제이", "text", "예쁘다"],
    ["16:02", "", "system", "[系统消息] 지우님이 나갔습니다."],
    ["16:03", "하나", "sticker", "[动画表情] ㅋㅋ"],
    ["00:10", "민수", "recalled", "[撤回]"],
  ]);
  assert.deepEqual(read.messages[0]!.conversation, { id: null, name: "등산 모임", group: true });
});

test("English, on a phone and on Windows", async () => {
  const phone = await readSource(kakaotalkTxt, english);
  assert.deepEqual(phone.problems, []);
  assert.deepEqual(phone.owners, ["Jay"]);
  assert.deepEqual(said(phone), [
    ["16:00", "John", "text", "did you eat?"],
    ["16:01", "Jay", "text", "yes\nand you?"],
    ["16:02", "John", "image", "[图片]"],
    ["16:03", "John", "sticker", "[动画表情]"],
    ["16:04", "", "system", "[系统消息] Ada left this chatroom."],
    ["00:10", "Jay", "recalled", "[撤回]"],
  ]);
  assert.deepEqual(said(await readSource(kakaotalkTxt, englishWindows)), [
    ["16:00", "John", "text", "did you eat?"],
    ["16:01", "Jay", "text", "yes"],
    ["16:01", "", "system", "[系统消息] Ada joined this chatroom."],
    ["00:05", "John", "file", "[文件] menu.pdf"],
  ]);
});

test("a file that is cut off keeps the rest", async () => {
  const content =
    "[민수] [오후 4:00] 밥\n-------- 2024년 2월 31일 토요일 --------\nlost\n[민수] [오후 4:00] no\n" +
    "-------- 2024년 5월 1일 수요일 --------\n[제이] [오후 4:01] 응";
  const read = await readSource(kakaotalkTxt, { path: "a.txt", content });
  assert.deepEqual(said(read), [["16:01", "제이", "text", "응"]]);
  assert.deepEqual(read.problems, ["line 3: belongs to no message", "line 4: no such date"]);
});

/** Time of day where the examples come from, sender, kind and words of each message. */
function said({ messages }: Read): [string, string, string, string][] {
  return messages.map(({ time, sender, kind, text }) => {
    const clock = new Date((time! + 8 * 3600) * 1000).toISOString().slice(11, 16);
    return [clock, sender, kind, text];
  });
}

async function sniffed(content: string): Promise<number> {
  return sniffFile(kakaotalkTxt, { path: "a.txt", content });
}
