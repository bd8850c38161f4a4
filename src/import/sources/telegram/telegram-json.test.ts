import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { telegramJson } from "./telegram-json.js";

const example = (path: string) => exampleExport("telegram-json", path);
const one = await readSource(telegramJson, example("ChatExport_2024-05-02/result.json"));
const old = await readSource(telegramJson, example("ChatExport_2021-03-01/result.json"));
const all = await readSource(telegramJson, example("DataExport_2024-05-02/result.json"));

function message(fields: Record<string, unknown>): string {
  const base = {
    id: 1,
    type: "message",
    date_unixtime: "1714550400",
    from: "Jo",
    from_id: "user5",
    text: "",
  };
  return JSON.stringify({
    name: "Jo",
    type: "personal_chat",
    id: 5,
    messages: [{ ...base, ...fields }],
  });
}

const chat = (type: string, id: number) =>
  readSource(telegramJson, {
    path: "result.json",
    content: message({}).replace("personal_chat", type).replace('"id":5', `"id":${id}`),
  });

const content = async (fields: Record<string, unknown>) => {
  const read = await readSource(telegramJson, { path: "result.json", content: message(fields) });
  return read.messages[0];
};

test("both shapes are known, other JSON is not", async () => {
  for (const path of ["ChatExport_2024-05-02", "ChatExport_2021-03-01", "DataExport_2024-05-02"])
    assert.ok((await sniffFile(telegramJson, example(`${path}/result.json`))) > 0.9, path);
  const other = '{"participants":[],"messages":[],"title":"x","type":"personal"}';
  assert.equal(await sniffFile(telegramJson, { path: "result.json", content: other }), 0);
});

test("one chat: its id is the contact's, so the owner is the other", () => {
  assert.deepEqual(one.problems, []);
  assert.deepEqual(
    one.messages.map(({ owner, sender, kind, text }) => [owner, sender, kind, text]),
    [
      [false, "Mira", "call", "[通话]"],
      [false, "", "system", "[系统消息] pin_message"],
      [false, "Mira", "text", "on my way"],
      [true, "Ze", "text", "see https://e.example Jo\nsoon"],
      [false, "Mira", "image", "[图片] the bridge"],
      [true, "Ze", "sticker", "[动画表情] 😂"],
      [true, "Ze", "text", "Water is high"],
      [true, "Ze", "sticker", "[动画表情]"],
      [false, "Mira", "file", "[文件] plan.pdf"],
      [null, "", "unknown", "[未知消息]"],
      [false, "Mira", "text", "pasted\u001f from \\x41"],
    ],
  );
  const [, , first, second, , , forwarded, gif, elsewhere, unsupported] = one.messages;
  assert.deepEqual(first!.conversation, { id: "111", name: "Mira", group: false });
  assert.deepEqual([first!.platformId, first!.senderId, first!.time], ["7", "user111", 1714550400]);
  assert.deepEqual([second!.replyTo, second!.mentions], ["7", ["Jo", "user333"]]);
  assert.equal(forwarded!.forwarded, true);
  assert.equal(gif!.bot, true);
  assert.equal(elsewhere!.replyTo, undefined, "a reply to a message of another chat");
  assert.equal(unsupported!.time, null);
});

test("before 2022: local time, numbers for accounts, a deleted account; broken rows have a place", () => {
  assert.deepEqual(
    old.messages.map(({ owner, sender, senderId, kind, time }) => [owner, sender, senderId, kind, time]),
    [
      [false, "", "user4040", "text", Date.UTC(2021, 1, 28, 1, 30, 5) / 1000],
      [true, "Ze", "user222", "voice", Date.UTC(2021, 1, 28, 1, 31) / 1000],
      [true, "Ze", "user222", "location", Date.UTC(2021, 1, 28, 1, 32) / 1000],
    ],
  );
  assert.deepEqual(old.problems, ["message 3: has no time", "message 4: not an object"]);
});

test("full export: the account names the owner in every chat, groups and left ones too", () => {
  assert.deepEqual(
    all.messages.map(({ conversation, owner, kind, text }) => [
      conversation.id,
      conversation.group,
      owner,
      kind,
      text,
    ]),
    [
      ["222", false, true, "text", "door code is on the fridge"],
      ["9000000001", true, false, "text", "who is in"],
      ["9000000001", true, true, "poll", "[投票] when"],
      ["9000000001", true, false, "text", "rules"],
      ["555", false, false, "text", "rain"],
      ["555", false, true, "text", "/stop"],
      ["77", true, true, "text", "bye"],
    ],
  );
  assert.equal(all.messages[0]!.forwarded, true, "saved from somebody");
  assert.equal(all.messages[0]!.conversation.name, "Saved Messages");
  assert.deepEqual([all.messages[4]!.bot, all.messages[5]!.bot], [true, undefined]);
  assert.deepEqual(all.problems, ["left chat 1, message 2: has no known type"]);
});

test("a group or saved messages exported alone: unknown owner, and the chat's own id", async () => {
  assert.equal((await chat("private_group", 5)).messages[0]!.owner, null);
  assert.equal((await chat("saved_messages", 5)).messages[0]!.owner, true);
  assert.equal((await chat("saved_messages", 6)).messages[0]!.owner, false);
});

test("Telegram's own account and the chat of codes are no people", async () => {
  assert.equal((await content({ from_id: "user777000" }))!.bot, true);
  assert.equal((await chat("verification_codes", 5)).messages[0]!.bot, true);
  assert.equal((await content({}))!.bot, undefined);
});

test("what was sent beside text", async () => {
  const missing = "(Datei nicht enthalten. Ändere die Export-Einstellungen.)";
  const cases: [Record<string, unknown>, string, string][] = [
    [{ file: missing, mime_type: "application/zip" }, "file", "[文件]"],
    [{ file: missing, mime_type: "image/png", text: "cat" }, "image", "[图片] cat"],
    [{ file: "video_files/a.mp4", media_type: "video_file" }, "video", "[视频]"],
    [{ file: missing, media_type: "audio_file" }, "music", "[音乐]"],
    [{ contact_information: { first_name: "Al", last_name: "Po" } }, "contact-card", "[名片] Al Po"],
    [{ location_information: {}, live_location_period_seconds: 60 }, "live-location", "[位置共享]"],
    [{ place_name: "Pier 3", location_information: {} }, "location", "[位置] Pier 3"],
    [{ game_title: "Snake" }, "mini-program", "[小程序] Snake"],
    [{ invoice_information: { amount: 1 }, text: "pay" }, "unknown", "[未知消息] pay"],
    [{ text: undefined, text_entities: [{ type: "bold", text: "hey" }] }, "text", "hey"],
    [{}, "unknown", "[未知消息]"],
  ];
  for (const [fields, kind, text] of cases) {
    const found = await content(fields);
    assert.deepEqual([found!.kind, found!.text], [kind, text]);
  }
});
