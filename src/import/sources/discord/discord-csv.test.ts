import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { discordCsv } from "./discord-csv.js";

const direct = exampleExport("discord-csv", "Direct Messages - mira [5].csv");

const named = async (path: string) =>
  (await readSource(discordCsv, { ...direct, path }, { named: { name: "x", accountId: null } })).messages[0]!;

test("known by its header, quoted or saved again by a spreadsheet", async () => {
  assert.ok((await sniffFile(discordCsv, direct)) > 0.9);
  const plain = "AuthorID,Author,Date,Content,Attachments,Reactions\n";
  assert.ok((await sniffFile(discordCsv, { path: "a.csv", content: plain })) > 0.9);
  assert.equal(
    await sniffFile(discordCsv, { path: "a.csv", content: "ID,Timestamp,Contents,Attachments\n" }),
    0,
  );
});

test("the file's name is the channel's; calls and notices by their fixed words; rows that are cut", async () => {
  const { messages, problems } = await readSource(discordCsv, direct);
  assert.deepEqual(
    messages.map(({ owner, sender, senderId, kind, text }) => [owner, sender, senderId, kind, text]),
    [
      [false, "mira", "111", "text", 'lunch?\nor "later"'],
      [true, "ze", "222", "text", "yes, ok"],
      [true, "ze", "222", "image", "[图片]"],
      [false, "mira", "111", "call", "[通话]"],
      [false, "", undefined, "system", "[系统消息] Pinned a message."],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: "5", name: "mira", group: false });
  assert.equal(messages[0]!.time, 1714579200);
  assert.deepEqual(problems, ["row 7: has no time", "row 8: has 1 cells (6 expected)"]);
});

test("a server's channel and a renamed file", async () => {
  const server = await named("Club - Text - general [6] [part 2].csv");
  assert.deepEqual(server.conversation, { id: "6", name: "Club #general", group: true });
  assert.equal(server.owner, null);
  assert.deepEqual((await named("export.csv")).conversation, { id: null, name: "x", group: false });
});
