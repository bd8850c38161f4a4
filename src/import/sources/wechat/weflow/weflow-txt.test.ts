import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { said } from "../../../../../test/said.js";
import { weflowTxt } from "./weflow-txt.js";

const example = (path: string) => exampleExport("weflow-txt", `texts/${path}`);
const friend = await readSource(weflowTxt, example("小满.txt"));

test("the format is known by its first line", async () => {
  assert.ok((await sniffFile(weflowTxt, example("小满.txt"))) >= 0.9);
  assert.equal(
    await sniffFile(weflowTxt, { path: "a.txt", content: "2024-05-01 16:00:00 小满\n到了没\n" }),
    0,
  );
});

test("in a chat of two the owner is called 我; blank lines stay in the words, paths do not", () => {
  assert.deepEqual(said(friend.messages), [
    "-- 小满 text: 到了没",
    "me 我 text: 快了\n\n等我",
    "-- 小满 image: [图片]",
    "-- 小满 recalled: [撤回]",
    "me 我 red-packet: [红包] 恭喜发财，大吉大利",
    "-- 小满 voice: [语音]",
    "-- 小满 file: [文件] 方案.pdf",
    "me 我 text: 2024-05-01 说好的'我'",
  ]);
  assert.equal(friend.messages[1]!.quoted, "到了没");
  assert.equal(friend.messages[0]!.time, 1714550400);
  assert.equal(friend.messages[0]!.conversation.name, "小满");
  assert.deepEqual(friend.problems, ["line 21: there is no such time"]);
});

test("in a group the owner has a name like the others", async () => {
  const named = { name: "群聊_爬山群", accountId: null };
  const { messages } = await readSource(weflowTxt, example("群聊_爬山群.txt"), { named });
  assert.deepEqual(said(messages), ["?? 小满 text: 周六去不去", "?? 阿泽 text: 去"]);
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "爬山群", group: true });
});
