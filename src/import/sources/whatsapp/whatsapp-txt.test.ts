import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { whatsappTxt } from "./whatsapp-txt.js";

const example = (path: string) => exampleExport("whatsapp-txt", path);
const at = (...date: [number, number, number, number, number, number?]) =>
  Date.UTC(date[0], date[1] - 1, date[2], date[3] - 8, date[4], date[5] ?? 0) / 1000;

const reading = (content: string, path = "chat.txt") => readSource(whatsappTxt, { path, content });
const table = async (content: string, path?: string) =>
  (await reading(content, path)).messages.map(({ sender, kind, text }) => [sender, kind, text]);

const days = async (lines: string[]) => {
  const { messages, notes } = await reading(lines.join("\n"));
  return [
    messages.map(({ time }) => new Date((time! + 8 * 3600) * 1000).toISOString().slice(0, 10)),
    notes.length,
  ];
};
const ios = (body: string) => table(`[14/03/2025, 13:55:00] Ana: ${body}`);
const android = (body: string) => table(`14/03/2025, 13:55 - Ana: ${body}`);
const owners = async (content: string, path: string) => (await reading(content, path)).owners;

test("every example is known; other dated lines are not", async () => {
  for (const path of [
    "WhatsApp Chat - Ana/_chat.txt",
    "WhatsApp Chat with Ana.txt",
    "WhatsApp Chat - Trip.zip/_chat.txt",
    "与小满的 WhatsApp 聊天.txt",
    "WhatsApp Chat mit Bergfreunde.txt",
  ])
    assert.ok((await sniffFile(whatsappTxt, example(path))) > 0.9, path);
  for (const content of [
    "[]",
    '[{"a":1}]',
    "2024. 5. 1. 16:00, 민수 : 밥",
    "[민수] [오후 4:00] 밥",
    "16:00\tMira\thi",
  ])
    assert.equal(await sniffFile(whatsappTxt, { path: "a.txt", content }), 0, content);
});

test("iOS: marks, CRLF, narrow blanks before PM, captions, documents, calls, polls, mentions", async () => {
  const { messages, owners, notes, problems } = await readSource(
    whatsappTxt,
    example("WhatsApp Chat - Ana/_chat.txt"),
  );
  assert.deepEqual([owners, notes, problems], [["Ze"], [], []]);
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "Ana", group: false });
  assert.deepEqual(messages.map(({ sender, kind, text }) => [sender, kind, text]).slice(1), [
    ["Ana", "text", "lunch?"],
    ["Ze", "text", "yes\nbring the keys"],
    ["Ana", "image", "[图片]"],
    ["Ana", "image", "[图片] the bridge"],
    ["Ze", "file", "[文件] plan v2.pdf"],
    ["Ze", "recalled", "[撤回]"],
    ["Ana", "recalled", "[撤回]"],
    ["Ana", "call", "[通话]"],
    ["Ze", "text", "ask @Jo Lee : ok?"],
    ["Ana", "poll", "[投票] which day"],
    ["Ana", "unknown", "[未知消息]"],
  ]);
  assert.equal(messages[0]!.kind, "system");
  assert.equal(messages[0]!.owner, false);
  assert.deepEqual(messages[9]!.mentions, ["Jo Lee"]);
  assert.deepEqual(
    [messages[1]!.time, messages[8]!.time, messages[9]!.time],
    [at(2025, 3, 14, 13, 55), at(2025, 3, 14, 23, 58), at(2025, 3, 15, 0, 1)],
  );
  assert.ok(!messages.some(({ text, sender }) => /[\u200e\u2068\u2069]/.test(text + sender)));
});

test("Android: notices, media, a pasted line of iOS, a colon in a notice, view once", async () => {
  const { messages, owners, notes } = await readSource(whatsappTxt, example("WhatsApp Chat with Ana.txt"));
  assert.deepEqual(owners, ["Ze"]);
  assert.deepEqual(notes, [
    "1 lines that begin like messages, but with another form of date, were taken for text",
  ]);
  assert.deepEqual(messages.map(({ sender, kind, text }) => [sender, kind, text]).slice(1), [
    ["Ana", "text", "lunch?"],
    ["Ze", "text", "yes\nbring the keys"],
    ["Ana", "unknown", "[未知消息]"],
    ["Ana", "image", "[图片] the bridge"],
    ["Ze", "file", "[文件] plan v2.pdf"],
    ["Ze", "sticker", "[动画表情]"],
    ["Ze", "recalled", "[撤回]"],
    ["Ana", "recalled", "[撤回]"],
    ["", "call", "[通话]"],
    ["Ana", "unknown", "[未知消息]"],
    ["Ana", "unknown", "[未知消息]"],
    ["Ana", "location", "[位置]"],
    [
      "Ze",
      "text",
      "they wrote\n[14/03/25, 10:00:00] Ana: an old line that was pasted\nand 14/03/2025, 13:55 was the time",
    ],
    ["Ana", "contact-card", "[名片]"],
    ["", "system", '[系统消息] Ana changed the subject from "Trip: 1" to "Trip: 2"'],
  ]);
  assert.deepEqual(messages.at(-1)!.conversation, { id: null, name: "Ana", group: false });
});

test("Chinese: 下午 adds twelve hours, and 上午12 is midnight", async () => {
  const { messages, owners } = await readSource(whatsappTxt, example("与小满的 WhatsApp 聊天.txt"));
  assert.deepEqual(owners, ["阿泽"]);
  assert.deepEqual(messages.map(({ kind, text, time }) => [kind, text, time]).slice(1), [
    ["text", "吃了没", at(2025, 3, 14, 13, 55)],
    ["text", "还没[捂脸]", at(2025, 3, 14, 13, 56)],
    ["unknown", "[未知消息]", at(2025, 3, 14, 23, 57)],
    ["recalled", "[撤回]", at(2025, 3, 15, 0, 5)],
    ["text", "晚安\n明天见", at(2025, 3, 15, 0, 6)],
  ]);
});

test("groups: more than two senders, or notices of somebody who never wrote", async () => {
  const german = await readSource(whatsappTxt, example("WhatsApp Chat mit Bergfreunde.txt"));
  assert.deepEqual(german.owners, []);
  assert.deepEqual(german.messages.map(({ sender, kind, text }) => [sender, kind, text]).slice(1), [
    ["", "system", "[系统消息] Ana hat die Gruppe „Berg: Freunde“ erstellt"],
    ["Ana", "text", "wer kommt"],
    ["Bo", "text", "ich"],
    ["Cy", "unknown", "[未知消息]"],
    ["+49 1511 0000000", "recalled", "[撤回]"],
    ["Cy", "text", "doch"],
    ["Cy", "file", "[文件] weg.pdf"],
  ]);
  assert.deepEqual(german.messages[0]!.conversation, { id: null, name: "Bergfreunde", group: true });
  const trip = await readSource(whatsappTxt, example("WhatsApp Chat - Trip.zip/_chat.txt"));
  assert.deepEqual(
    trip.messages.map(({ sender, kind }) => [sender, kind]),
    [
      ["", "system"],
      ["", "system"],
      ["Ana", "text"],
      ["Bo", "text"],
      ["", "system"],
    ],
  );
  assert.deepEqual(trip.messages[0]!.conversation, { id: null, name: "Trip", group: true });
  assert.deepEqual(trip.owners, []);
});

test("dates and times of every locale", async () => {
  const cases: [string, number][] = [
    ["[3/14/25, 1:55:00\u202fPM] Ana: x", at(2025, 3, 14, 13, 55)],
    ["3/14/25, 1:55 AM - Ana: x", at(2025, 3, 14, 1, 55)],
    ["14/03/25 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14.3.2025 klo 13.55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["[14.3.2025 klo 13.55.09] Ana: x", at(2025, 3, 14, 13, 55, 9)],
    ["14. 3. 2025. 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14. 3. 2025., 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14-03-25 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/3/25, 1:55 p.\u00a0m. - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/3/25 1:55 p.m. - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/3/25, 12:55 a. m. - Ana: x", at(2025, 3, 14, 0, 55)],
    ["2025/3/14 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["2025-03-14, 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["[2025/3/14 下午1:55:00] Ana: x", at(2025, 3, 14, 13, 55)],
    ["[2025/3/14 凌晨12:55:00] Ana: x", at(2025, 3, 14, 0, 55)],
    ["[2025/3/14 中午12:05:00] Ana: x", at(2025, 3, 14, 12, 5)],
    ["[2025/3/14 晚上11:05:00] Ana: x", at(2025, 3, 14, 23, 5)],
    ["2025/3/14 午後1:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["2025. 3. 14. 오후 1:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["[2025. 3. 14. 오전 12:55:00] Ana: x", at(2025, 3, 14, 0, 55)],
    ["[25. 3. 14. 오후 1:55:00] Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/3/2568 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/03/2025 à 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/03/25 13.55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14.03.25 г., 13:55 - Ana: x", at(2025, 3, 14, 13, 55)],
    ["\u200f١٤\u200f/٣\u200f/٢٠٢٥، ١:٥٥ م - Ana: x", at(2025, 3, 14, 13, 55)],
    ["14/3/25, 1:55 μ.μ. - Ana: x", at(2025, 3, 14, 13, 55)],
    ["\ufeff\u200e[14/03/2025, 13:55:00] Ana: x", at(2025, 3, 14, 13, 55)],
  ];
  for (const [line, time] of cases) {
    const { messages, problems } = await reading(line);
    assert.deepEqual([messages.map((one) => one.time), problems], [[time], []], line);
    assert.equal(messages[0]!.sender, "Ana", line);
  }
});

test("order of day and month: a number over 12, then the flow of time, else the locale's habit and a note", async () => {
  assert.deepEqual(await days(["1/2/25, 10:00 - A: x", "1/13/25, 10:00 - A: y"]), [
    ["2025-01-02", "2025-01-13"],
    0,
  ]);
  assert.deepEqual(await days(["2/1/25, 10:00 - A: x", "13/1/25, 10:00 - A: y"]), [
    ["2025-01-02", "2025-01-13"],
    0,
  ]);
  assert.deepEqual(await days(["1/2/25, 10:00 - A: x", "1/5/25, 10:00 - A: y", "2/1/25, 10:00 - A: z"]), [
    ["2025-01-02", "2025-01-05", "2025-02-01"],
    0,
  ]);
  assert.deepEqual(await days(["3/4/25, 10:00 - A: x"]), [["2025-04-03"], 1]);
  assert.deepEqual(await days(["3/4/25, 10:00 AM - A: x"]), [["2025-03-04"], 1]);
  assert.deepEqual(await days(["03/04/25, 10:00 AM - A: x"]), [["2025-04-03"], 1]);
  assert.deepEqual(await days(["3/3/25, 10:00 - A: x"]), [["2025-03-03"], 0]);
  assert.deepEqual(await days(["25/3/14, 10:00 - A: x", "25/3/15, 10:00 - A: x", "25/4/2, 10:00 - A: x"]), [
    ["2025-03-14", "2025-03-15", "2025-04-02"],
    0,
  ]);
});

test("phrases in other languages, and the same words within somebody's own", async () => {
  const cases: [string, string, string][] = [
    ["\u200eBild weggelassen", "image", "[图片]"],
    ["\u200evídeo omitido", "video", "[视频]"],
    ["\u200eaudio omis", "voice", "[语音]"],
    ["\u200e圖片已略去", "image", "[图片]"],
    ["\u200e貼圖已忽略", "sticker", "[动画表情]"],
    ["\u200e画像は含まれていません", "image", "[图片]"],
    ["\u200e이미지 생략됨", "image", "[图片]"],
    ["\u200eGIF retiré", "sticker", "[动画表情]"],
    ["\u200eScheda contatto omessa", "contact-card", "[名片]"],
    ["\u200e<Anhang: 00000003-AUDIO-2025-03-14-13-55-00.opus>", "voice", "[语音]"],
    ["\u200e<pièce jointe : 00000003-STICKER-2025-03-14.webp>", "sticker", "[动画表情]"],
    ["\u200e<附件：00000003-VIDEO-2025-03-14.mp4>", "video", "[视频]"],
    ["\u200eVerpasster Sprachanruf", "call", "[通话]"],
    ["\u200e视频通话，\u200e5 分钟", "call", "[通话]"],
    ["\u200eQuesto messaggio è stato eliminato.", "recalled", "[撤回]"],
    ["oui \u200e<Ce message a été modifié>", "text", "oui"],
    ["was the image omitted", "text", "was the image omitted"],
    ["this message was deleted by mistake", "text", "this message was deleted by mistake"],
    ["a <b> c <edited>", "text", "a <b> c <edited>"],
    ["see <foo: bar.txt>", "text", "see <foo: bar.txt>"],
    ["POLL: who cares", "text", "POLL: who cares"],
    ["nullify", "text", "nullify"],
  ];
  for (const [body, kind, text] of cases) assert.deepEqual(await ios(body), [["Ana", kind, text]], body);
  assert.deepEqual(await android("<Мультимедиа>"), [["Ana", "text", "<Мультимедиа>"]]);
  assert.deepEqual(await android("<Без медиафайлов>"), [["Ana", "unknown", "[未知消息]"]]);
  assert.deepEqual(await android("a.mp3 (archivo adjunto)"), [["Ana", "music", "[音乐]"]]);
  assert.deepEqual(await android("PTT-20250314-WA0002.opus (bilinmeyen)"), [["Ana", "voice", "[语音]"]]);
  assert.deepEqual(await android("image omitted"), [["Ana", "text", "image omitted"]]);
});

test("a colon within the name of a group is no sender's", async () => {
  for (const notice of [
    'Ana changed the subject to "A: b"',
    "Ana a changé le sujet en « A: b »",
    "Ana hat den Betreff zu „A: b“ geändert",
    "Anaがグループ名を「A: b」に変更しました",
    "Ana changed the subject to “A: b”",
  ])
    assert.deepEqual(await table(`14/03/2025, 13:55 - ${notice}`), [["", "system", `[系统消息] ${notice}`]]);
  assert.deepEqual(await table('14/03/2025, 13:55 - Jo "Jay" Lee: hi'), [['Jo "Jay" Lee', "text", "hi"]]);
});

test("owner: the other one of two, or whom iOS calls you; nobody where it is not said", async () => {
  const two = "1/2/2025, 10:00 - Ana: x\n1/2/2025, 10:01 - Ze: y";
  assert.deepEqual(await owners(two, "WhatsApp Chat with Ana.txt"), ["Ze"]);
  assert.deepEqual(await owners(two, "WhatsApp Chat with Ana (2).txt"), ["Ze"]);
  assert.deepEqual(await owners(two, "Chat_de_WhatsApp_con_Ana.txt"), ["Ze"]);
  assert.deepEqual(await owners(two, "與Ana的 WhatsApp 對話.txt"), ["Ze"]);
  assert.deepEqual(await owners(two, "WhatsApp Chat - Ana.zip/_chat.txt"), ["Ze"]);
  assert.deepEqual(await owners(two, "WhatsApp Chat with Mum.txt"), []);
  assert.deepEqual(await owners(two, "_chat.txt"), []);
  const typed = "1/2/2025, 10:00 - Ana: You deleted this message\n1/2/2025, 10:01 - Ze: y";
  assert.deepEqual(await owners(typed, "x.txt"), [], "anybody can type this on Android");
  const group = [..."ABC"].map((name) => `[1/2/2025, 10:00:00] ${name}: x`).join("\n");
  assert.deepEqual(
    await owners(`${group}\n[1/2/2025, 10:00:01] B: \u200eYou deleted this message.`, "_chat.txt"),
    ["B"],
  );
});

test("broken files: no header, a day that does not exist, a message without an end", async () => {
  assert.deepEqual((await reading("just text")).problems, ["line 1: belongs to no message"]);
  assert.deepEqual((await reading("")).messages, []);
  const { messages, problems } = await reading("31/02/2025, 10:00 - A: x\n28/02/2025, 10:00 - A: y");
  assert.deepEqual([messages.length, problems], [1, ["line 1: no such date or time"]]);
  const endless = `28/02/2025, 10:00 - A: y\n${`${"z".repeat(999)}\n`.repeat(100)}`;
  const cut = await reading(endless);
  assert.equal(cut.problems.length, 1);
  assert.ok(cut.messages[0]!.text.length <= 65_536);
});
