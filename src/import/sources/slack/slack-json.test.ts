import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../test/read-source.js";
import { readHead } from "../../find-files.js";
import { slackText } from "./slack-content.js";
import { slackJson } from "./slack-json.js";

const example = (path: string) => exampleExport("slack-json", path);
const lists = ["users.json", "channels.json", "dms.json", "mpims.json"].map(example);
const day = (channel: string) => readSource(slackJson, example(`${channel}/2024-05-01.json`), {}, lists);

test("days are known, and the lists beside the folders go with them", async () => {
  assert.ok((await sniffFile(slackJson, example("general/2024-05-01.json"))) > 0.9);
  for (const list of [...lists, example("integration_logs.json")]) {
    assert.equal(await sniffFile(slackJson, list), 0, list.path);
    assert.equal(slackJson.isCompanion!(await readHead(memoryFile(list))), true, list.path);
  }
  const other = { path: "users.json", content: '{"a":1}' };
  assert.equal(slackJson.isCompanion!(await readHead(memoryFile(other))), false);
});

test("a channel: names for ids, threads, files, notices, programs, what was passed on", async () => {
  const { messages, problems } = await day("general");
  assert.deepEqual(
    messages.map(({ sender, kind, text, owner, originalType }) => [sender, kind, text, owner, originalType]),
    [
      ["Mira", "text", "ship it & tell @Ze Example <today> in #general, see the page @here", null, "message"],
      ["", "system", "[系统消息] @Ze Example has joined the channel", false, "channel_join"],
      ["Ze Example", "text", "done :tada: *now*", null, "thread_broadcast"],
      ["builds", "text", "build 7 failed", null, "bot_message"],
      ["jo", "image", "[图片] the bridge", null, "message"],
      ["Al Guest", "file", "[文件] plan.pdf", null, "message"],
      ["Ze Example", "text", "river is high & cold", null, "message"],
      ["Slackbot", "recalled", "[撤回]", null, "tombstone"],
    ],
  );
  const [first, , reply, program, , , passedOn] = messages;
  assert.deepEqual(first!.conversation, { id: "C1", name: "#general", group: true });
  assert.deepEqual(
    [first!.time, first!.platformId, first!.replyTo],
    [1714550400, "1714550400.000100", undefined],
  );
  assert.deepEqual(first!.mentions, ["Ze Example", "U2"]);
  assert.equal(reply!.replyTo, "1714550400.000100");
  assert.deepEqual([program!.bot, passedOn!.forwarded], [true, true]);
  assert.deepEqual(problems, ["message 9: has no time", "message 10: is no message"]);
});

test("direct messages are called after their members", async () => {
  const direct = await day("D01ABCDEF");
  assert.deepEqual(direct.messages[0]!.conversation, {
    id: "D01ABCDEF",
    name: "Mira, Ze Example",
    group: false,
  });
  assert.equal(direct.messages[2]!.kind, "call");
  const several = await day("mpdm-mira--ze--jo-1");
  assert.deepEqual(several.messages[0]!.conversation, {
    id: "G1",
    name: "Mira, Ze Example, jo",
    group: true,
  });
  assert.equal(several.messages[0]!.text, "hi @Mira and @U77");
});

test("without the lists ids stay, and a direct message is told by its id", async () => {
  const { messages } = await readSource(slackJson, example("D01ABCDEF/2024-05-01.json"));
  assert.deepEqual(messages[0]!.conversation, { id: "D01ABCDEF", name: "D01ABCDEF", group: false });
  assert.equal(messages[0]!.sender, "U1");
});

test("only three characters are escaped, once", () => {
  const nobody = { users: new Map(), channels: new Map() };
  const cases: [string, string][] = [
    ["&amp;lt; &quot;", "&lt; &quot;"],
    ["<mailto:a@b.example|a@b.example>", "a@b.example"],
    ["<https://e.example>", "https://e.example"],
    ["<!subteam^S1|@crew> <!date^1^{date}|1 May> <!channel>", "@crew 1 May @channel"],
    ["<#C9> <@U8|al>", "#C9 @al"],
    ["1 &lt; 2 &gt; 0", "1 < 2 > 0"],
  ];
  for (const [raw, seen] of cases) assert.equal(slackText(raw, nobody), seen);
});
