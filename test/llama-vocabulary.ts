import { rm } from "node:fs/promises";
import { join } from "node:path";
import { inBackground, openLibrary } from "../src/engines/llama-cpp/library.js";
import { string, type GgufMetadata } from "../src/formats/gguf/metadata.js";
import { writeGguf } from "../src/formats/gguf/write.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { tokenizerMetadata } from "../src/formats/tokenizer/to-gguf.js";
import type { TokenizerConfig, TokenizerJson } from "../src/formats/tokenizer/tokenizer-json.js";
import { createTokenizer } from "../src/formats/tokenizer/tokenizer.js";

/** llama.cpp's tokenizer on a vocabulary as we export it. */
export type LlamaVocabulary = {
  /** Ids of a text; with `special`, control tokens are read in it; with `begin`, the file's begin token comes first. */
  tokenize(text: string | Uint8Array, special: boolean, begin?: boolean): number[];
  close(): void;
};

/**
 * Writes a tokenizer as the GGUF stage does, without a model's tensors, and has llama.cpp load it.
 *
 * @param rows of the embedding that the vocabulary would have
 * @param folder for the file, which is gone when this returns
 */
export async function openLlamaVocabulary(
  files: { tokenizer: TokenizerJson; config: TokenizerConfig },
  rows: number,
  folder: string,
): Promise<LlamaVocabulary> {
  const template = templateFor(createTokenizer(files.tokenizer, files.config, "test"), "test");
  const model = { vocabSize: rows, bosTokenId: null };
  const metadata: GgufMetadata = new Map([
    ["general.architecture", string("qwen2")],
    ...tokenizerMetadata(files, template, model, "test"),
  ]);
  const path = join(folder, "vocabulary.gguf");
  await writeGguf(path, "test", metadata, [], () => new Uint8Array());
  const library = await openLibrary("test");
  const params = { ...library.modelDefaultParams(), vocab_only: true };
  const native = await inBackground(library.modelLoad, path, params);
  await rm(path);
  if (native === null) throw new Error("llama.cpp does not load the vocabulary");
  const vocab = library.vocab(native);
  return {
    tokenize: (text, special, begin = false) => {
      const bytes = Buffer.from(text);
      const tokens = new Int32Array(bytes.length + 8);
      const count = library.tokenize(vocab, bytes, bytes.length, tokens, tokens.length, begin, special);
      return [...tokens.subarray(0, count)];
    },
    close: () => library.modelFree(native),
  };
}
