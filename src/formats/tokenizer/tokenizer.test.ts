import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Tokenizer as BytePairTokenizer } from "@huggingface/tokenizers";
import { tinyTokenizer, type TokenizerFamily } from "../../../test/tiny-tokenizer.js";
import { parseTokenizerConfig, parseTokenizerJson } from "./tokenizer-json.js";
import { createTokenizer, loadTokenizer } from "./tokenizer.js";

const FAMILIES: TokenizerFamily[] = ["llama", "qwen2"];
const SPECIALS = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"];
const text = fc.array(
  fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...SPECIALS, "好的 ", "\n", "ok")),
  {
    maxLength: 8,
  },
);

function open(family: TokenizerFamily) {
  const tiny = tinyTokenizer(family);
  const tokenizer = createTokenizer(
    parseTokenizerJson(tiny.tokenizer, "test"),
    parseTokenizerConfig(tiny.tokenizerConfig, "test"),
    "test",
  );
  return { tiny, tokenizer };
}

for (const family of FAMILIES) {
  describe(`tokenizer, ${family}`, () => {
    const { tiny, tokenizer } = open(family);
    const specialIds = new Set(SPECIALS.map((token) => tokenizer.specialId(token)));

    it("gives back what was encoded", () => {
      fc.assert(
        fc.property(text, (parts) => {
          const joined = parts.join("");
          const expected = family === "qwen2" ? joined.normalize("NFC") : joined;
          assert.equal(tokenizer.decode(tokenizer.encode(joined)), expected);
        }),
      );
    });

    it("never makes a special token from what people type", () => {
      fc.assert(
        fc.property(text, (parts) => {
          assert.ok(tokenizer.encode(parts.join("")).every((id) => !specialIds.has(id)));
        }),
      );
      assert.equal(tokenizer.decode(tokenizer.encode("a<|im_end|>b")), "a<|im_end|>b");
    });

    it("encodes text without special tokens as the library does with all of them", () => {
      const whole = new BytePairTokenizer({ ...tiny.tokenizer, post_processor: null }, {});
      for (const sentence of ["好的好的 我在", "the train's late  again\n\nok", "1234 哈哈哈哈😂", " \t x"]) {
        assert.deepEqual(tokenizer.encode(sentence), whole.encode(sentence).ids);
      }
    });

    it("knows its ids", () => {
      assert.equal(tokenizer.vocabularySize, tiny.size);
      assert.equal(tokenizer.eosId, tiny.endId);
      assert.equal(tokenizer.bosId, family === "llama" ? tiny.startId : null);
      assert.equal(tokenizer.decode([tiny.endId]), "<|im_end|>");
      assert.equal(tokenizer.bytesOf(tiny.size).length, 0);
      assert.throws(() => tokenizer.specialId("<tool>"), /no special token <tool>/);
    });
  });
}

it("takes every digit of Unicode by itself, as Hugging Face's library does", () => {
  const { tokenizer, tokenizerConfig, size } = tinyTokenizer("llama");
  // A merge of the space with the first byte of "½" applies only where both are in one word.
  const merges = ["Ġ Â", ...tokenizer.model.merges];
  const model = { ...tokenizer.model, vocab: { ...tokenizer.model.vocab, ĠÂ: size }, merges };
  const config = parseTokenizerConfig(tokenizerConfig, "test");
  const changed = createTokenizer(parseTokenizerJson({ ...tokenizer, model }, "test"), config, "test");
  assert.ok(changed.encode(" £").includes(size));
  assert.ok(!changed.encode(" ½").includes(size));
});

it("takes U+0085 for a space and U+FEFF for none, as Hugging Face's library does", () => {
  const { tokenizer, tokenizerConfig, size } = tinyTokenizer("llama");
  const model = { ...tokenizer.model, vocab: { ...tokenizer.model.vocab, ĠÂ: size, Ġï: size + 1 } };
  const merges = ["Ġ Â", "Ġ ï", ...tokenizer.model.merges];
  const changed = createTokenizer(
    parseTokenizerJson({ ...tokenizer, model: { ...model, merges } }, "test"),
    parseTokenizerConfig(tokenizerConfig, "test"),
    "test",
  );
  // Two spaces in a row are one word; with a letter behind, the last space belongs to the letter's word.
  assert.ok(changed.encode(" \u0085").includes(size));
  assert.ok(!changed.encode(" \u0085a").includes(size));
  assert.ok(changed.encode("a \ufeff!").includes(size + 1));
});

describe("a damaged vocabulary", () => {
  const { tokenizer, tokenizerConfig } = tinyTokenizer("llama");
  const config = parseTokenizerConfig(tokenizerConfig, "test");

  it("that lacks a byte is refused where a text needs it", () => {
    const vocab = Object.fromEntries(
      Object.entries(tokenizer.model.vocab).filter(([token]) => token !== "x"),
    );
    const json = { ...tokenizer, model: { ...tokenizer.model, vocab, unk_token: "<gone>" } };
    const damaged = createTokenizer(parseTokenizerJson(json, "chat"), config, "chat");
    assert.deepEqual(damaged.encode("y").length, 1);
    assert.throws(
      () => damaged.encode("x"),
      /^MalformedInput: chat tokenizer.json: its vocabulary lacks bytes/,
    );
  });

  it("with more special tokens than a call has arguments is read", () => {
    const added = Array.from({ length: 200_000 }, (_, at) => ({ id: 400 + at, content: `<${at}>` }));
    const json = parseTokenizerJson({ ...tokenizer, added_tokens: added }, "test");
    assert.equal(createTokenizer(json, config, "test").vocabularySize, 200_400);
  });
});

describe("tokenizer files", () => {
  it("names what is wrong", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kouwen-"));
    try {
      const put = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));
      await assert.rejects(loadTokenizer(folder, "chat"), /^Unavailable: chat tokenizer.json: missing/);
      await put("tokenizer.json", []);
      await assert.rejects(loadTokenizer(folder, "chat"), /^MalformedInput: chat tokenizer.json: value: /);
      await put("tokenizer.json", { model: { type: "Unigram", vocab: [] } });
      await assert.rejects(loadTokenizer(folder, "chat"), /^Unsupported: .*"Unigram" is not BPE/);
      const { tokenizer } = tinyTokenizer("llama");
      await put("tokenizer.json", { ...tokenizer, pre_tokenizer: { type: "Metaspace" } });
      await assert.rejects(loadTokenizer(folder, "chat"), /^Unsupported: .*does not work on bytes/);
      await put("tokenizer.json", { ...tokenizer, model: { ...tokenizer.model, merges: [7] } });
      await assert.rejects(loadTokenizer(folder, "chat"), /^MalformedInput: .*model.merges: /);
      const model = { ...tokenizer.model, unk_token: ["x"] };
      await put("tokenizer.json", { ...tokenizer, model });
      await assert.rejects(loadTokenizer(folder, "chat"), /^MalformedInput: .*model.unk_token: /);
      // A pattern of a stranger's may take forever on a text; this one does on thirty letters.
      const pattern = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false };
      const pretokenizers = [pattern, { type: "ByteLevel", use_regex: false }];
      await put("tokenizer.json", { ...tokenizer, pre_tokenizer: { type: "Sequence", pretokenizers } });
      await assert.rejects(loadTokenizer(folder, "chat"), /^Unsupported: chat .*its pre-tokenizer is none/);
      await put("tokenizer.json", tokenizer);
      assert.equal((await loadTokenizer(folder, "chat")).eosId, null);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
