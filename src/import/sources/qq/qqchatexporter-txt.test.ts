import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { qqchatexporterTxt } from "./qqchatexporter-txt.js";

const example = (path: string) => exampleExport("qqchatexporter-txt", path);
const friend = await readSource(qqchatexporterTxt, example("friend_10002_20240502.txt"));
const group = await readSource(qqchatexporterTxt, example("group_70001_20240502.txt"));

test("the format is known by its banner", async () => {
  assert.ok((await sniffFile(qqchatexporterTxt, example("friend_10002_20240502.txt"))) >= 0.9);
  assert.equal(await sniffFile(qqchatexporterTxt, { path: "a.txt", content: "阿泽:\n时间: 很多\n" }), 0);
});

test("blocks become messages; blank lines and what looks like a head stay in the words", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没",
    "?? 阿泽 text: 快了\n\n时间: 是我编的:\n等我",
    "-- 小满 image: [图片] 看这个",
    "--  recalled: [撤回]",
    "?? 阿泽 chat-history: [聊天记录]",
  ]);
  assert.equal(friend.messages[0]!.time, 1714550400);
  assert.deepEqual(friend.problems, ["line 43: its time is not a date with a time of day"]);
});

test("the quotation is taken out of the reply", () => {
  assert.equal(friend.messages[1]!.quoted, "到了没");
  assert.equal(friend.messages[1]!.replyTo, undefined);
});

test("in a group titles are no part of the name, and the footer no part of the last message", () => {
  assert.deepEqual(said(group.messages), ["?? 小北 text: @阿泽 周六去不去", "?? 阿泽 text: 去"]);
  assert.deepEqual(group.messages[0]!.mentions, ["阿泽"]);
  assert.equal(group.messages[0]!.conversation.group, true);
});
