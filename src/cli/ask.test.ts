import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { ask } from "./ask.js";

const QUESTION = {
  what: "Which of these names is you?",
  candidates: [
    { answer: "阿泽", evidence: "in 3 of 3 chats, 1,204 messages" },
    { answer: "Ju\u001b[2Jne", evidence: "in 1 of 3 chats, 9 messages" },
  ],
};

/** Types lines on a terminal; null is the end of the input. */
async function typed(lines: string | null, { input: reads = true, output: shows = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: reads });
  const output = Object.assign(new PassThrough(), { isTTY: shows });
  const stop = new AbortController();
  if (lines === null) input.end();
  else input.write(lines);
  const answer = await ask(QUESTION, { input, output, signal: stop.signal });
  assert.equal(input.listenerCount("data"), 0, "the terminal is let go of");
  return { answer, shown: String(output.read() ?? "") };
}

test("enter takes the best guess, a number or a name the other", async () => {
  assert.equal((await typed("\n")).answer, "阿泽");
  assert.equal((await typed("2\n")).answer, QUESTION.candidates[1]!.answer);
  assert.equal((await typed("阿泽\n")).answer, "阿泽");
  const { answer, shown } = await typed("9\nnobody\n1\n");
  assert.equal(answer, "阿泽");
  assert.equal(shown.match(/Neither a number nor a name of the list/g)!.length, 2);
});

test("the list shows what speaks for each name, and no control characters", async () => {
  const { shown } = await typed("\n");
  assert.match(
    shown,
    /^Which of these names is you\?\n {3}1 {2}阿泽 {2}\(in 3 of 3 chats, 1,204 messages\)\n/,
  );
  assert.ok(shown.includes("   2  Ju[2Jne") && !shown.includes("\u001b"));
});

test("without anybody to answer there is no answer, and names are shown on a terminal only", async () => {
  const unread = await typed("1\n", { input: false });
  assert.equal(unread.answer, undefined);
  assert.ok(unread.shown.includes("阿泽"));
  assert.deepEqual(await typed("1\n", { output: false }), { answer: undefined, shown: "" });
  assert.equal((await typed(null)).answer, undefined, "the input ends");
});

test("a stop while the question stands keeps its reason", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const stop = new AbortController();
  const asked = ask(QUESTION, { input, output, signal: stop.signal });
  stop.abort(new Error("stopped"));
  await assert.rejects(asked, /^Error: stopped$/);
});
