import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { GOLDEN_FAMILIES, GOLDEN_ROWS, readGoldenTexts, readGoldenTokenizer } from "./golden-tokenizers.js";
import { type LlamaVocabulary, openLlamaVocabulary } from "./llama-vocabulary.js";

// The same ids three times: Hugging Face's library (golden), ours, and llama.cpp on the vocabulary that we export.

const texts = await readGoldenTexts();

/** llama.cpp does not normalize; Qwen's tokenizers do. */
const normalizedFor = (family: string, text: string) => (family === "smollm" ? text : text.normalize("NFC"));

for (const family of GOLDEN_FAMILIES) {
  describe(family, async () => {
    const golden = await readGoldenTokenizer(family);
    let folder: string;
    let llama: LlamaVocabulary;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "tokenizers-"));
      llama = await openLlamaVocabulary(golden, GOLDEN_ROWS[family], folder);
    });
    after(async () => {
      llama.close();
      await rm(folder, { recursive: true });
    });

    test("our tokenizer gives Hugging Face's ids, nothing typed being special", () => {
      const tokenizer = createTokenizer(golden.tokenizer, golden.config, "test");
      for (const [place, text] of texts.entries()) {
        assert.deepEqual(tokenizer.encode(text), golden.plain[place], JSON.stringify(text));
      }
    });

    test("llama.cpp gives Hugging Face's ids for our vocabulary", () => {
      const userDefined = golden.tokenizer.addedTokens.filter(({ special }) => !special);
      for (const [place, text] of texts.entries()) {
        const normal = normalizedFor(family, text);
        const special = golden.special[place] ?? golden.plain[place];
        assert.deepEqual(llama.tokenize(normal, true), special, JSON.stringify(text));
        // Tokens such as <think>, which their files do not call special, llama.cpp reads in any text.
        if (userDefined.some(({ content }) => text.includes(content))) continue;
        assert.deepEqual(llama.tokenize(normal, false), golden.plain[place], JSON.stringify(text));
      }
    });

    test("llama.cpp puts a begin token before a text only for DeepSeek", () => {
      const ids = llama.tokenize("你好", false);
      const begin = family === "deepseek" ? [151_646] : [];
      assert.deepEqual(llama.tokenize("你好", false, true), [...begin, ...ids]);
    });
  });
}

test("the corpus holds what makes tokenizers differ", () => {
  assert.equal(texts.filter((text) => /\p{Surrogate}/u.test(text)).length, 4);
  assert.ok(texts.filter((text) => text !== text.normalize("NFC")).length >= 5);
  assert.ok(texts.filter((text) => text.includes("\ufffd")).length >= 10);
});
