import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { qqchatexporterXlsx } from "./qqchatexporter-xlsx.js";

const example = (path: string) => exampleExport("qqchatexporter-xlsx", path);

test("the format is known by a column's name", async () => {
  assert.ok((await sniffFile(qqchatexporterXlsx, example("friend_10002_20240501.xlsx"))) >= 0.9);
  assert.equal(await sniffFile(qqchatexporterXlsx, exampleExport("weflow-xlsx", "爬山群.xlsx")), 0);
});

test("rows are messages whose owner is not marked", async () => {
  const named = { name: "小满", accountId: null };
  const { messages, problems } = await readSource(qqchatexporterXlsx, example("friend_10002_20240501.xlsx"), {
    named,
  });
  assert.deepEqual(said(messages), [
    "?? 小满 text: 到了没",
    "?? 阿泽 text: 快了/微笑",
    "?? 小满 image: [图片] 看这个",
    "?? 阿泽 recalled: [撤回]",
    "--  pat: [拍一拍]",
  ]);
  assert.deepEqual(
    messages.map(({ time }) => time! - 1714550400),
    [0, 60, 90, 120, 130],
  );
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "小满", group: false });
  assert.equal(messages[0]!.senderId, "10002");
  assert.deepEqual(problems, ["row 7: its 时间 is no time"]);
});

test("a column of titles belongs to a group", async () => {
  const { messages } = await readSource(qqchatexporterXlsx, {
    ...example("group_70001_20240501.xlsx"),
    path: "a.xlsx",
  });
  assert.deepEqual(said(messages), ["?? 小北 text: @阿泽 周六去不去", "?? 阿泽 text: 去"]);
  assert.equal(messages[0]!.conversation.group, true);
});
