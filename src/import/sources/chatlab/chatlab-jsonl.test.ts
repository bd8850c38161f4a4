import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { chatlabJsonl } from "./chatlab-jsonl.js";

const example = exampleExport("chatlab-jsonl", "小满.jsonl");

test("the format is known by its first line behind comments", async () => {
  assert.ok((await sniffFile(chatlabJsonl, example)) >= 0.9);
  assert.equal(await sniffFile(chatlabJsonl, { path: "a.jsonl", content: '{"messages":[]}\n' }), 0);
});

test("members, messages and broken lines", async () => {
  const { messages, problems } = await readSource(chatlabJsonl, example);
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了",
    "me 阿泽 sticker: [动画表情]",
  ]);
  assert.deepEqual(problems, ["line 7: not JSON", "line 10: neither a header, a member nor a message"]);
  assert.equal(messages[0]!.conversation.id, "wxid_demo1");
});
