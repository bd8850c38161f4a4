import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { repairLatin1 } from "./latin1.js";
import { metaJson } from "./meta-json.js";
import { metaPseudoMessage } from "./meta-phrases.js";

const instagram = exampleExport("meta-json", "your_instagram_activity/messages/inbox/mira_1/message_1.json");
const messenger = exampleExport("meta-json", "your_facebook_activity/messages/inbox/trip_2/message_1.json");

const owners = async (title: string, ...names: string[]) => {
  const participants = names.map((name) => ({ name }));
  const messages = [{ sender_name: names[0], timestamp_ms: 1714550400000, content: "x" }];
  const content = JSON.stringify({ participants, messages, title, thread_path: "inbox/x_1" });
  return (await readSource(metaJson, { path: "message_1.json", content })).owners;
};

test("both programs' files are known, encrypted chats are another format", async () => {
  assert.ok((await sniffFile(metaJson, instagram)) > 0.9);
  assert.ok((await sniffFile(metaJson, messenger)) > 0.9);
  const encrypted = exampleExport("messenger-e2ee-json", "小满_12.json");
  assert.equal(await sniffFile(metaJson, encrypted), 0);
});

test("a chat of two: texts, names and the title put right, in the file's order; the owner is not in the title", async () => {
  const { messages, owners, problems } = await readSource(metaJson, instagram);
  assert.deepEqual(owners, ["Zé"]);
  assert.deepEqual(messages[0]!.conversation, { id: "mira_1", name: "小满", group: false });
  assert.deepEqual(
    messages.map(({ sender, kind, text, time }) => [sender, kind, text, time! - 1714550400]),
    [
      ["", "system", "[系统消息] Reacted 😂 to your message", 600],
      ["", "system", "[系统消息] Liked a message", 540],
      ["小满", "recalled", "[撤回]", 480],
      ["Zé", "link", "[链接] Bridges of the north", 420],
      ["小满", "voice", "[语音]", 360],
      ["小满", "image", "[图片] 桥", 300],
      ["Zé", "call", "[通话]", 240],
      ["Zé", "text", "你好 — olá", 60],
      ["小满", "text", "hi", 0],
    ],
  );
  assert.deepEqual(problems, ["message 10: has no time", "message 11: not an object"]);
});

test("a group: notices, stickers, an address that was typed", async () => {
  const { messages, owners } = await readSource(metaJson, messenger);
  assert.deepEqual(owners, []);
  assert.deepEqual(messages[0]!.conversation, { id: "trip_2", name: "Trip 🏔", group: true });
  assert.deepEqual(
    messages.map(({ sender, kind, text, owner }) => [sender, kind, text, owner]),
    [
      ["", "system", "[系统消息] Jo left the group.", false],
      ["Jo", "text", "Mira left the group. sad", null],
      ["Mira", "sticker", "[动画表情]", null],
      ["Mira", "text", "look https://e.example", null],
      ["Zé", "unknown", "[未知消息]", null],
      ["Zé", "sticker", "[动画表情]", null],
      ["", "system", "[系统消息] Zé named the group Trip 🏔.", false],
    ],
  );
});

test("the Latin-1 defect is put right only where it is one", () => {
  assert.equal(repairLatin1("\u00e4\u00bd\u00a0\u00e5\u00a5\u00bd"), "你好");
  assert.equal(repairLatin1("\u00f0\u009f\u0098\u0082 ok"), "😂 ok");
  for (const right of ["olá", "plain", "你好", "naïve \u00e9", "\u00e4\u00bd\u00a0 你", "\u00ff"])
    assert.equal(repairLatin1(right), right);
});

test("phrases of the program's, and people's own words that resemble them", () => {
  const cases: [string, string | undefined][] = [
    ["Mira sent an attachment.", "unknown"],
    ["You sent an attachment.", "unknown"],
    ["Mira a envoyé une pièce jointe.", "unknown"],
    ["Mira envió un archivo adjunto.", "unknown"],
    ["Mira enviou um anexo.", "unknown"],
    ["Mira ha inviato un allegato.", "unknown"],
    ["Mira unsent a message", "recalled"],
    ["Mira missed your call.", "call"],
    ["You missed a call from Mira.", "call"],
    ["Mira started a video chat.", "call"],
    ["Mira set your nickname to Bee.", "system"],
    ["Mira changed the theme to Ocean.", "system"],
    ["Hat mit ❤ auf deine Nachricht reagiert", "system"],
    ["A réagi 😂 à votre message", "system"],
    ["Jo sent an attachment.", undefined],
    ["You called it", undefined],
    ["You left the group", undefined],
    ["You left the group.", "system"],
    ["he unsent a message", undefined],
    ["I liked a message", undefined],
    ["You left the group chat on read", undefined],
  ];
  for (const [content, kind] of cases) assert.equal(metaPseudoMessage(content, "Mira"), kind, content);
});

test("a time that cannot be is none", async () => {
  const messages = [{ sender_name: "A", timestamp_ms: 171455040014550400, content: "x" }];
  const content = JSON.stringify({ participants: [], messages, title: "A", thread_path: "inbox/x_1" });
  const { problems } = await readSource(metaJson, { path: "message_1.json", content });
  assert.deepEqual(problems, ["message 1: has no time"]);
});

test("a title that is nobody's, or everybody's: the owner is not known", async () => {
  assert.deepEqual(await owners("Mira", "Mira", "Ze"), ["Ze"]);
  assert.deepEqual(await owners("Facebook user", "Mira", "Ze"), []);
  assert.deepEqual(await owners("Ze", "Ze", "Ze"), []);
  assert.deepEqual(await owners("Ze", "Ze"), []);
});
