import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readHead } from "../../find-files.js";
import { memoryFile, readSource, sniffFile } from "../../../../test/read-source.js";
import { discordPackage } from "./discord-package.js";

const example = (path: string) => exampleExport("discord-package", `package/messages/${path}`);

test("both generations are known, and the channel's file goes with them", async () => {
  assert.ok((await sniffFile(discordPackage, example("c5/messages.json"))) > 0.9);
  assert.ok((await sniffFile(discordPackage, example("c6/messages.csv"))) > 0.9);
  assert.equal(discordPackage.isCompanion!(await readHead(memoryFile(example("c5/channel.json")))), true);
});

test("own messages only, which is said; an id that is a number keeps its digits; times are UTC", async () => {
  const { messages, problems } = await readSource(discordPackage, example("c5/messages.json"), {}, [
    example("c5/channel.json"),
  ]);
  assert.deepEqual(
    messages.map(({ owner, platformId, time, kind, text }) => [owner, platformId, time, kind, text]),
    [
      [true, "1234567890123456789", 1714579260, "text", "yes"],
      [true, "9005", 1714579500, "image", "[图片]"],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: "5", name: "", group: false });
  assert.match(problems[0]!, /^the file: Discord's data package holds one's own messages only/);
  assert.deepEqual(problems.slice(1), ["message 3: has no time"]);
});

test("the older table; without the channel's file the folder names the chat", async () => {
  const table = example("c6/messages.csv");
  const { messages } = await readSource(discordPackage, table, {}, [example("c6/channel.json")]);
  assert.deepEqual(
    messages.map(({ conversation, platformId, text }) => [
      conversation.name,
      conversation.group,
      platformId,
      text,
    ]),
    [["Club #general", true, "9101", "hi, all"]],
  );
  const alone = await readSource(discordPackage, table, { named: { name: "c6", accountId: null } });
  assert.equal(alone.messages[0]!.conversation.name, "c6");
});
