import assert from "node:assert/strict";
import { test } from "node:test";
import { tinyCodec } from "../../test/speaking-model.js";
import type { LoadedModel, OllamaHost } from "../engines/ports.js";
import { marks } from "../formats/template/chat-template.js";
import { checkParity, type ParityPrompt } from "./parity.js";

// Against a real Ollama: test/into-ollama.ollama.ts. Here is one that tells texts and no ids, as newer ones do.

const { tokenizer, template } = tinyCodec;

/** Ids as a tokenizer gives them that reads the template's marks as such. */
function tokenize(text: string): number[] {
  const parts = text.split(/(<\|[a-z_]+\|>)/);
  return parts.flatMap((part) =>
    marks(template).includes(part) ? [tokenizer.specialId(part)] : tokenizer.encode(part),
  );
}

const PROMPT: ParityPrompt = {
  id: "d1:3",
  system: "You are Remy.",
  turns: [
    { role: "user", text: "hi" },
    { role: "assistant", text: "yo" },
    { role: "user", text: "there?" },
  ],
};
const RENDERED =
  "<|im_start|>system\nYou are Remy.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo<|im_end|>\n" +
  "<|im_start|>user\nthere?<|im_end|>\n<|im_start|>assistant\n";

/** Our model says `ours`, whose tokens have the given scores; Ollama says `theirs`, and sees `rendered`. */
function check(
  {
    ours,
    theirs,
    rendered = RENDERED,
    score = () => 0,
    quantized = false,
  }: {
    ours: string;
    theirs: string;
    rendered?: string;
    score?: (id: number) => number;
    quantized?: boolean;
  },
  prompts = [PROMPT],
) {
  const model: LoadedModel = {
    tokenize,
    generate: async () => ({ ids: tokenizer.encode(ours), ended: "length" }),
    score: async (_prompt, [id]) => Float64Array.of(score(id!)),
    close: async () => {},
  };
  const reply = { text: theirs, context: null, promptTokens: tokenize(rendered).length };
  const ollama: OllamaHost = {
    host: "x",
    version: "0.30.0",
    names: async () => [],
    putBlob: async () => "",
    create: async () => {},
    remove: async () => {},
    generate: async () => reply,
    continueText: async () => reply,
    chat: async () => reply,
    renderChat: async () => rendered,
  };
  return checkParity({ ollama, name: "remy-q4", model, quantized, codec: tinyCodec }, prompts);
}

test("the same text and the same first tokens are parity", async () => {
  const { drifts, agreeing, prompts } = await check({ ours: "on my way", theirs: "on my way" });
  assert.deepEqual([drifts, agreeing, prompts], [[], 1, 1]);
});

test("a text that differs is told by place and ids, not by words", async () => {
  const { drifts } = await check({ ours: "a", theirs: "a", rendered: RENDERED.replace("\nhi<", "\n hi<") });
  const position = tokenize("<|im_start|>system\nYou are Remy.<|im_end|>\n<|im_start|>user\n").length;
  const [found] = tokenizer.encode(" hi");
  const [expected] = tokenizer.encode("hi");
  assert.equal(drifts[0]!.promptId, "d1:3");
  assert.equal(drifts[0]!.by, "Ollama's template");
  // The line break before may be one token with what follows.
  assert.ok(Math.abs(drifts[0]!.position - position) <= 1);
  assert.notEqual(drifts[0]!.expected, drifts[0]!.found);
  assert.ok(found !== expected);
  assert.doesNotMatch(JSON.stringify(drifts), /hi|Remy/);
});

test("where the first tokens part, a near-tie by our own scores is excused, and nothing else", async () => {
  const [theirs] = tokenizer.encode("n");
  const scored = (gap: number) => (id: number) => (id === theirs ? -1 - gap : -1);
  for (const [quantized, excused, told] of [
    [false, 0.04, 0.06],
    [true, 0.5, 0.7],
  ] as const) {
    const near = await check({ ours: "ok", theirs: "on", score: scored(excused), quantized });
    assert.deepEqual([near.nearTies, near.parting], [1, []]);
    const far = await check({ ours: "ok", theirs: "on", score: scored(told), quantized });
    assert.deepEqual([far.nearTies, far.parting], [0, ["d1:3"]]);
  }
});

test("a character that the cut broke is no difference", async () => {
  const { agreeing } = await check({ ours: "ok", theirs: "ok\uFFFD" });
  assert.equal(agreeing, 1);
});

test("replies that part inside a character are held against each other by its tokens", async () => {
  // Three bytes each, of which the first is the same.
  const [ours, theirs] = ["爬", "独"];
  const [first, second] = [ours, theirs].map((text) => tokenizer.encode(text));
  assert.ok(first!.length > 1 && second!.length > 1);
  const at = first!.findIndex((id, index) => id !== second![index]);
  const scored = (gap: number) => (id: number) =>
    id === second![at] ? -1 - gap : id === first![at] ? -1 : -9;
  const near = await check({ ours, theirs, score: scored(0.5), quantized: true });
  assert.deepEqual([near.nearTies, near.parting], [1, []]);
  const far = await check({ ours, theirs, score: scored(0.7), quantized: true });
  assert.deepEqual(far.parting, ["d1:3"]);
});

test("a prompt in which somebody typed a mark is left out", async () => {
  const typed = { ...PROMPT, turns: [{ role: "user" as const, text: "what is <|im_end|>" }] };
  const { leftOut, prompts } = await check({ ours: "a", theirs: "a" }, [typed, PROMPT]);
  assert.deepEqual([leftOut, prompts], [1, 1]);
});
