import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { discordJson } from "./discord-json.js";

const direct = exampleExport("discord-json", "Direct Messages - Mira [5].json");
const channel = exampleExport("discord-json", "Club - Text - general [6] [part 2].json");

const message = (id: string, name: string) => ({
  id,
  type: "Default",
  timestamp: "2024-05-01T16:00:00Z",
  content: "x",
  author: { id, name, nickname: name },
});
const owners = async (name: string, ...messages: unknown[]) => {
  const content = { guild: {}, channel: { id: "5", type: "DirectTextChat", name }, messages };
  const read = await readSource(discordJson, { path: "a.json", content: JSON.stringify(content) });
  return read.messages.map(({ owner }) => owner);
};

test("both are known by guild and channel at the start", async () => {
  assert.ok((await sniffFile(discordJson, direct)) > 0.9);
  assert.ok((await sniffFile(discordJson, channel)) > 0.9);
  assert.equal(await sniffFile(discordJson, { path: "a.json", content: '{"messages":[],"guild":{}}' }), 0);
});

test("a chat of two: the channel is named after the contact; replies, calls, notices, captions, passed on words", async () => {
  const { messages, problems } = await readSource(discordJson, direct);
  assert.deepEqual(
    messages.map(({ owner, sender, kind, text }) => [owner, sender, kind, text]),
    [
      [false, "Mira", "text", "lunch?"],
      [true, "Ze", "text", "yes @Mira"],
      [true, "Ze", "call", "[通话]"],
      [false, "", "system", "[系统消息] Pinned a message."],
      [false, "Mira", "image", "[图片] the bridge"],
      [true, "Ze", "text", "river is high"],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: "5", name: "Mira", group: false });
  assert.deepEqual([messages[0]!.time, messages[1]!.time], [1714579200, 1714579260]);
  const { platformId, senderId, replyTo, mentions, originalType } = messages[1]!;
  assert.deepEqual([platformId, senderId, replyTo, originalType], ["9002", "222", "9001", "Reply"]);
  assert.deepEqual(mentions, ["Mira", "111"]);
  assert.equal(messages[3]!.replyTo, undefined, "a notice about a message answers none");
  assert.equal(messages[5]!.forwarded, true);
  assert.deepEqual(problems, ["message 7: has no time", "message 8: has no author"]);
});

test("a channel: a group without a known owner; programs, stickers, pages, several files", async () => {
  const { messages } = await readSource(discordJson, channel);
  assert.deepEqual(
    messages.map(({ owner, sender, kind, text, bot }) => [owner, sender, kind, text, bot]),
    [
      [null, "dice", "text", "rolled 6", true],
      [null, "Mira", "sticker", "[动画表情] wave", undefined],
      [null, "Mira", "link", "[链接] A page", undefined],
      [false, "", "system", "[系统消息] Joined the server.", undefined],
      [null, "jo", "file", "[文件] a.pdf b.zip notes", undefined],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: "6", name: "Club #general", group: true });
});

test("a chat of two in which one wrote, or whose name is nobody's: the owner is not known", async () => {
  assert.deepEqual(await owners("Mira", message("1", "Mira")), [null]);
  assert.deepEqual(await owners("Old name", message("1", "Mira"), message("2", "Ze")), [null, null]);
  assert.deepEqual(await owners("Mira", message("1", "Mira"), message("2", "Mira")), [null, null]);
  assert.deepEqual(await owners("Mira", message("2", "Ze"), message("1", "Mira")), [true, false]);
});
