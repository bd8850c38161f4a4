import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Template } from "@huggingface/jinja";
import { templateFor } from "../src/formats/template/chat-template.js";
import { type Conversation, encodeDialogue } from "../src/formats/template/encode.js";
import { createTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { GOLDEN_ROWS, readGoldenTokenizer } from "./golden-tokenizers.js";
import { openLlamaVocabulary } from "./llama-vocabulary.js";

// What LLaMA-Factory trains on, what we train on and what llama.cpp is served are the same ids.

const FOLDER = new URL("../../test/golden/template/", import.meta.url);
const read = async <Value>(name: string) =>
  JSON.parse(await readFile(new URL(name, FOLDER), "utf8")) as Value;

const stored = await read<{ system: string | null; turns: string[] }[]>("conversations.json");
/** LLaMA-Factory's `qwen` writes this where there is no system text; we write none. */
const QWEN_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";

const layouts = [
  { golden: "deepseek3", family: "deepseek", ours: "deepseek3", thinking: [151_648, 151_649] },
  { golden: "qwen", family: "qwen2", ours: "chatml", thinking: [], system: QWEN_SYSTEM },
  { golden: "qwen3_nothink", family: "qwen3", ours: "chatml", thinking: [151_667, 151_668] },
] as const;

for (const { golden, family, ours, thinking, ...defaults } of layouts) {
  describe(`LLaMA-Factory's ${golden}`, async () => {
    const files = await readGoldenTokenizer(family);
    const tokenizer = createTokenizer(files.tokenizer, files.config, "test");
    const template = templateFor(tokenizer, "test");
    const expected = await read<{ ids: number[]; labels: number[] }[]>(`${golden}.json`);
    const conversations = stored.map(({ system, turns }): Conversation => ({
      system: system ?? ("system" in defaults ? defaults.system : null),
      turns: turns.map((text, place) => {
        const reply = place % 2 === 1;
        return { role: reply ? "assistant" : "user", text, weight: reply ? 1 : 0 };
      }),
    }));

    test("has our ids", () => {
      assert.equal(template.id, ours);
      const encoded = conversations.map((each) => encodeDialogue(tokenizer, template, each).ids);
      assert.deepEqual(
        encoded,
        expected.map(({ ids }) => ids),
      );
    });

    test("has its loss where we have it, but for ChatML's line break after a reply", () => {
      const [, end] = template.assistant.after;
      const newline = end === undefined ? undefined : tokenizer.encode(end.text)[0];
      for (const [place, { ids, labels }] of expected.entries()) {
        const { weights } = encodeDialogue(tokenizer, template, conversations[place]!);
        const wanted = labels.map((label, at) => {
          const afterReply = at > 0 && ids[at] === newline && ids[at - 1] === tokenizer.eosId;
          return label === -100 || afterReply ? 0 : 1;
        });
        assert.deepEqual(weights, wanted);
      }
    });

    test("is read by llama.cpp from our Jinja as the same ids, without think markup", async () => {
      const folder = await mkdtemp(join(tmpdir(), "templates-"));
      const llama = await openLlamaVocabulary(files, GOLDEN_ROWS[family], folder);
      const jinja = new Template(template.jinja);
      for (const [place, { system, turns }] of conversations.entries()) {
        const messages = turns.map(({ role, text }) => ({ role: role as string, content: text }));
        if (system !== null) messages.unshift({ role: "system", content: system });
        const text = jinja.render({ messages, bos_token: files.config.bosToken });
        const ids = llama.tokenize(text, true);
        assert.deepEqual(ids, expected[place]!.ids);
        assert.ok(!ids.some((id) => thinking.some((mark) => mark === id)));
      }
      assert.doesNotMatch(template.jinja, /think/);
      // The ids that must not be there are those that the marks would have.
      if (thinking.length > 0) assert.deepEqual(llama.tokenize("<think></think>", true), [...thinking]);
      llama.close();
      await rm(folder, { recursive: true });
    });

    if (golden === "deepseek3") {
      test("is begin, system, user, assistant and end, and nothing between", () => {
        const [begin, user, assistant, end] = [151_646, 151_644, 151_645, 151_643];
        const conversation = {
          system: "说话短",
          turns: [
            { role: "user" as const, text: "在吗", weight: 0 },
            { role: "assistant" as const, text: "在的", weight: 1 },
          ],
        };
        const plain = (text: string) => tokenizer.encode(text);
        assert.deepEqual(encodeDialogue(tokenizer, template, conversation), {
          ids: [begin, ...plain("说话短"), user, ...plain("在吗"), assistant, ...plain("在的"), end],
          weights: [
            ...Array.from({ length: 1 + plain("说话短").length + 1 + plain("在吗").length + 1 }, () => 0),
            ...plain("在的").map(() => 1),
            1,
          ],
        });
        assert.equal(tokenizer.bosId, begin);
        assert.equal(tokenizer.eosId, end);
      });
    }
  });
}
