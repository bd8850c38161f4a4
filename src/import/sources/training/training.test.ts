import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readHead } from "../../find-files.js";
import { memoryFile, readSource } from "../../../../test/read-source.js";
import { memotraceJson } from "../wechat/memotrace/memotrace-json.js";
import { recognise } from "../registry.js";
import { sharegptJson } from "./sharegpt-json.js";
import type { Source } from "../source.js";
import { trainingJsonl } from "./training-jsonl.js";
import { trainingText } from "./training-text.js";

async function read(source: Source, path: string) {
  const file = exampleExport(source.id, path);
  assert.equal(recognise(await readHead(memoryFile(file)))?.id, source.id);
  const { messages, problems, notes } = await readSource(source, file, {
    named: { name: "June", accountId: null },
  });
  const said = messages.map(({ session, sender, owner, kind, text }) => {
    const who = kind === "system-prompt" ? "*" : owner ? `> ${sender}:` : "<";
    return `${session} ${who} ${text}`;
  });
  return { said, problems, notes };
}

test("one dialogue a line: OpenAI's messages with parts, ShareGPT's turns, Alpaca with history", async () => {
  const { said, problems } = await read(trainingJsonl, "June.jsonl");
  assert.deepEqual(said, [
    "1 * You are Remy. You are texting June.",
    "1 < hello",
    "1 > Remy: yo",
    "2 < look\nhere",
    "2 > : nice",
    "3 < a",
    "3 > : b",
    "4 < x",
    "4 > : y",
    "4 < what\nnow",
    "4 > : tea",
  ]);
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /^line 5: turn 1 has an unknown role/);
});

test("ShareGPT's list, the system prompt beside the turns", async () => {
  const { said } = await read(sharegptJson, "Mira.json");
  assert.deepEqual(said, [
    "1 * You are Ze. You are texting Mira.",
    "1 < lunch?",
    "1 > Ze: yes\nbring the keys",
    "2 < on my way",
    "2 > : ok",
  ]);
});

test("WeClone's own training file: what it made up is left out", async () => {
  const { said, notes } = await read(memotraceJson, "weclone/sft-my.json");
  assert.deepEqual(said.slice(1), ["1 > : 早", "1 < 早啊", "1 > : 吃了没"]);
  assert.deepEqual(notes, ["1 made-up <begin_chat> turns were left out"]);
});

test("bare texts are known, and said to be of no use", async () => {
  const { said, problems } = await read(trainingText, "corpus.jsonl");
  assert.deepEqual([said, problems.length], [[], 1]);
  assert.match(problems[0]!, /^the file: bare texts do not say who wrote what/);
});
