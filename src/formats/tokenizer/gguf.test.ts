import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DEEPSEEK_SPECIAL, tinyTokenizer, type TokenizerFamily } from "../../../test/tiny-tokenizer.js";
import { type GgufMetadata, type GgufValue, string, strings } from "../gguf/metadata.js";
import { CHAT_TEMPLATES, findTemplate } from "../template/chat-template.js";
import { tokenizerFromGguf } from "./from-gguf.js";
import { parseTokenizerConfig, parseTokenizerJson } from "./tokenizer-json.js";
import { tokenizerMetadata } from "./to-gguf.js";
import { createTokenizer } from "./tokenizer.js";

const FAMILIES: TokenizerFamily[] = ["llama", "qwen2"];
const [deepseek, chatml] = ["deepseek3", "chatml"].map((id) =>
  CHAT_TEMPLATES.find((each) => each.id === id)!,
);
const parse = (tokenizer: unknown, config: unknown) => ({
  tokenizer: parseTokenizerJson(tokenizer, "test"),
  config: parseTokenizerConfig(config, "test"),
});
const model = { vocabSize: 416, bosTokenId: null };

/** The tiny tokenizer with DeepSeek's special tokens. */
function distilled() {
  const { tokenizer, tokenizerConfig } = tinyTokenizer("deepseek");
  return parse(tokenizer, tokenizerConfig);
}

/** Metadata as plain values, the vocabulary cut to its last rows. */
const plain = (metadata: GgufMetadata) =>
  Object.fromEntries(
    [...metadata].map(([key, { value }]) => [
      key.replace("tokenizer.ggml.", ""),
      typeof value === "object" ? Array.from<unknown>(value as ArrayLike<unknown>) : value,
    ]),
  );

for (const family of FAMILIES) {
  it(`a ${family} tokenizer comes back from its metadata`, () => {
    const tiny = tinyTokenizer(family);
    const files = parse(tiny.tokenizer, tiny.tokenizerConfig);
    const metadata = tokenizerMetadata(files, chatml!, model, "test");
    const back = tokenizerFromGguf(metadata, "test", "tiny.gguf");
    const again = parse(back["tokenizer.json"], back["tokenizer_config.json"]);
    assert.deepEqual(tokenizerMetadata(again, chatml!, model, "test"), metadata);
    assert.deepEqual(back["special_tokens_map.json"]["eos_token"], "<|im_end|>");

    const before = createTokenizer(files.tokenizer, files.config, "test");
    const after = createTokenizer(again.tokenizer, again.config, "test");
    assert.equal(after.eosId, before.eosId);
    assert.equal(after.bosId, before.bosId);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.deepEqual(after.encode(text), before.encode(text));
      }),
    );
  });
}

describe("tokenizerMetadata", () => {
  it("fills rows without a token and tells the types apart", () => {
    const values = plain(tokenizerMetadata(distilled(), deepseek!, model, "test"));
    assert.equal(values["model"], "gpt2");
    assert.equal(values["pre"], "deepseek-r1-qwen");
    assert.deepEqual((values["tokens"] as string[]).slice(397, 406), [
      ...DEEPSEEK_SPECIAL,
      "[PAD404]",
      "[PAD405]",
    ]);
    assert.deepEqual((values["token_type"] as number[]).slice(396, 406), [1, 3, 3, 3, 3, 3, 4, 4, 5, 5]);
    assert.equal((values["token_type"] as number[]).length, 416);
    assert.equal(values["bos_token_id"], 400);
    assert.equal(values["eos_token_id"], 397);
    assert.equal(values["padding_token_id"], 397);
    assert.equal(values["add_bos_token"], true);
    assert.equal(values["tokenizer.chat_template"], deepseek!.jinja);
  });

  it("adds no begin token to ChatML, whatever the base says", () => {
    const { tokenizer, tokenizerConfig } = tinyTokenizer("llama");
    const files = parse(tokenizer, { ...tokenizerConfig, add_bos_token: true, eos_token: "<|endoftext|>" });
    const values = plain(tokenizerMetadata(files, chatml!, { vocabSize: 400, bosTokenId: 7 }, "test"));
    assert.equal(values["pre"], "smollm");
    assert.equal(values["add_bos_token"], false);
    assert.equal(values["bos_token_id"], 1);
    assert.equal(values["eos_token_id"], 2);
  });

  it("refuses what llama.cpp would tokenize otherwise", () => {
    const { tokenizer, tokenizerConfig } = tinyTokenizer("qwen2");
    const tryWith = (change: object) => () =>
      tokenizerMetadata(parse({ ...tokenizer, ...change }, tokenizerConfig), chatml!, model, "gguf");
    const byteLevel = { type: "ByteLevel", add_prefix_space: true, use_regex: true };
    assert.throws(tryWith({ pre_tokenizer: byteLevel }), /^Unsupported: gguf .*smollm, qwen2, /);
    assert.throws(tryWith({ normalizer: { type: "Lowercase" } }), /^Unsupported: .*normalizer Lowercase/);
    const [first, ...others] = tokenizer.added_tokens;
    assert.throws(
      tryWith({ added_tokens: [{ ...first, id: 416 }] }),
      /^MalformedInput: .*token 416 is beyond .* 416 rows/,
    );
    assert.throws(
      tryWith({ added_tokens: [{ ...first, id: 3 }, ...others] }),
      /^MalformedInput: .*two tokens have the id 3/,
    );
    assert.throws(
      tryWith({ added_tokens: [{ ...first, content: "a" }, ...others] }),
      /^MalformedInput: .*one token has two ids/,
    );
  });
});

describe("tokenizerFromGguf", () => {
  it("writes the begin token before a text where the file says so", () => {
    const metadata = tokenizerMetadata(distilled(), deepseek!, model, "test");
    const back = tokenizerFromGguf(metadata, "test", "tiny.gguf");
    const json = back["tokenizer.json"] as { post_processor: unknown; added_tokens: { content: string }[] };
    assert.match(JSON.stringify(json.post_processor), /TemplateProcessing.*begin/);
    assert.equal(json.added_tokens.length, 7);
    assert.equal(
      findTemplate((token) => json.added_tokens.some(({ content }) => content === token)),
      deepseek,
    );
  });

  it("refuses other vocabularies", () => {
    const { tokenizer, tokenizerConfig } = tinyTokenizer("qwen2");
    const whole = tokenizerMetadata(parse(tokenizer, tokenizerConfig), chatml!, model, "test");
    const tryWith = (key: string, value: GgufValue) => () =>
      tokenizerFromGguf(new Map([...whole, [key, value]]), "base", "x.gguf");
    assert.throws(
      tryWith("tokenizer.ggml.model", string("llama")),
      /^Unsupported: base x.gguf: tokenizer "llama"/,
    );
    assert.throws(tryWith("tokenizer.ggml.pre", string("gpt-4o")), /^Unsupported: .*pre-tokenizer "gpt-4o"/);
    assert.throws(
      tryWith("tokenizer.ggml.token_type", { type: "array", of: "int32", value: [1] }),
      /^MalformedInput: .*416 tokens but 1 values in "tokenizer.ggml.token_type"/,
    );
    const bytes: GgufValue = { type: "array", of: "uint8", value: new Uint8Array(416) };
    assert.throws(
      tryWith("tokenizer.ggml.token_type", bytes),
      /"tokenizer.ggml.token_type" is no list of int32/,
    );
    assert.throws(tryWith("tokenizer.ggml.scores", bytes), /"tokenizer.ggml.scores" is no list of float32/);
    assert.throws(
      tryWith("tokenizer.ggml.tokens", strings(["a", "b", "a"])),
      /^MalformedInput: .*a token is in its vocabulary twice/,
    );
  });
});
