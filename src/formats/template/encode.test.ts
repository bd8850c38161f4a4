import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Template } from "@huggingface/jinja";
import { Tokenizer as BytePairTokenizer } from "@huggingface/tokenizers";
import { tinyTokenizer } from "../../../test/tiny-tokenizer.js";
import { parseTokenizerConfig, parseTokenizerJson } from "../tokenizer/tokenizer-json.js";
import { createTokenizer } from "../tokenizer/tokenizer.js";
import { CHAT_TEMPLATES, type ChatTemplate, marks, templateFor, textOf } from "./chat-template.js";
import {
  type Conversation,
  encodeDialogue,
  encodePrompt,
  encodeReply,
  render,
  renderPrompt,
  stopIds,
} from "./encode.js";

/** A tokenizer of the Qwen2 kind that has the special tokens of one template. */
function openFor(template: ChatTemplate) {
  const { tokenizer: json, tokenizerConfig, size } = tinyTokenizer("qwen2");
  const added = marks(template).map((content, index) => ({
    ...json.added_tokens[0]!,
    id: size + index,
    content,
  }));
  const kept = template.id === "chatml" ? json.added_tokens : [...json.added_tokens.slice(0, 1), ...added];
  const whole = { ...json, added_tokens: kept, post_processor: null };
  const tokenizer = createTokenizer(
    parseTokenizerJson(whole, "test"),
    parseTokenizerConfig(tokenizerConfig, "test"),
    "test",
  );
  return { tokenizer, whole: new BytePairTokenizer(whole, {}) };
}

const word = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "好的",
    " ",
    "\n",
    "ok",
    "<|im_end|>",
    "<|im_start|>user",
    "<｜User｜>",
    "<think>",
    "'s",
    "12",
  ),
);
const said = fc.array(word, { maxLength: 6 }).map((words) => words.join(""));
const conversation: fc.Arbitrary<Conversation> = fc.record({
  system: fc.option(said, { nil: null }),
  turns: fc
    .array(fc.tuple(said, said, fc.constantFrom(0, 0.5, 1)), { minLength: 1, maxLength: 3 })
    .map((pairs) =>
      pairs.flatMap(([user, assistant, weight]) => [
        { role: "user" as const, text: user, weight: 0 },
        { role: "assistant" as const, text: assistant, weight },
      ]),
    ),
});

for (const template of CHAT_TEMPLATES) {
  describe(`template ${template.id}`, () => {
    const { tokenizer, whole } = openFor(template);
    const markIds = new Set(marks(template).map((token) => tokenizer.specialId(token)));

    it("is chosen by its special tokens", () => {
      assert.equal(templateFor(tokenizer, "test").id, template.id);
    });

    it("continues a prompt with the reply as a dialogue holds it", () => {
      fc.assert(
        fc.property(conversation, ({ system, turns }) => {
          const prompt = encodePrompt(tokenizer, template, { system, turns: turns.slice(0, -1) });
          const reply = encodeReply(tokenizer, template, turns.at(-1)!.text);
          const { ids, weights } = encodeDialogue(tokenizer, template, { system, turns });
          assert.equal(weights.length, ids.length);
          assert.deepEqual([...prompt, ...reply], ids.slice(0, prompt.length + reply.length));
          const weight = turns.at(-1)!.weight;
          assert.ok(
            weights.slice(prompt.length, prompt.length + reply.length).every((each) => each === weight),
          );
          assert.ok(weights.slice(prompt.length + reply.length).every((each) => each === 0));
        }),
      );
    });

    it("holds as many special ids as it wrote, whatever people typed", () => {
      fc.assert(
        fc.property(conversation, (example) => {
          const { ids } = encodeDialogue(tokenizer, template, example);
          const written = render(template, example).filter(({ special }) => special).length;
          assert.equal(ids.filter((id) => markIds.has(id)).length, written);
        }),
      );
    });

    it("gives the ids of the text tokenized at once, where nobody typed a special token", () => {
      fc.assert(
        fc.property(conversation, (example) => {
          const typed = [example.system ?? "", ...example.turns.map((turn) => turn.text)].join(" ");
          fc.pre([...markIds].every((id) => !typed.includes(tokenizer.decode([id]))));
          assert.deepEqual(
            encodeDialogue(tokenizer, template, example).ids,
            whole.encode(textOf(render(template, example))).ids,
          );
        }),
      );
    });

    it("says the same in Jinja", () => {
      const jinja = new Template(template.jinja);
      fc.assert(
        fc.property(conversation, ({ system, turns }) => {
          const messages = turns.map(({ role, text }) => ({ role: role as string, content: text }));
          if (system !== null) messages.unshift({ role: "system", content: system });
          const values = {
            messages,
            bos_token: "<｜begin▁of▁sentence｜>",
            eos_token: "<｜end▁of▁sentence｜>",
          };
          assert.equal(jinja.render(values), textOf(render(template, { system, turns })));
          const open = jinja.render({ ...values, add_generation_prompt: true });
          assert.equal(open, textOf(renderPrompt(template, { system, turns })));
        }),
      );
    });

    it("holds nothing that makes Ollama put the GGUF's template over the Modelfile's", () => {
      assert.doesNotMatch(template.jinja, /tools|tool_call|think|split/);
    });

    it("stops at its end token", () => {
      assert.ok(stopIds(tokenizer, template).includes(encodeReply(tokenizer, template, "").at(-1)!));
    });
  });
}

describe("loss weights", () => {
  it("count the reply and its end, nothing else", () => {
    const chatml = CHAT_TEMPLATES.find(({ id }) => id === "chatml")!;
    const pieces = render(chatml, {
      system: "be brief",
      turns: [
        { role: "user", text: " hi\n", weight: 1 },
        { role: "assistant", text: "yo\nsup ", weight: 1 },
      ],
    });
    const shown = pieces.map(({ text, weight }) => (weight > 0 ? `[${text}]` : text)).join("");
    assert.equal(
      shown,
      "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n[yo\nsup][<|im_end|>]\n",
    );
  });
});

describe("templateFor", () => {
  it("refuses a tokenizer without chat marks", () => {
    assert.throws(
      () => templateFor({ hasSpecial: () => false }, "train"),
      /^Unsupported: .*deepseek3 .*chatml/,
    );
  });
});
