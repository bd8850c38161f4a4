import { type ChatTemplate, templateFor } from "./chat-template.js";
import type { GgufMetadata } from "../gguf/metadata.js";
import { tokenizerFromGguf } from "../tokenizer/from-gguf.js";
import { parseTokenizerConfig, parseTokenizerJson } from "../tokenizer/tokenizer-json.js";
import { createTokenizer, loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.js";

/** Between a conversation and token ids, exactly as in training. */
export type Codec = { tokenizer: Tokenizer; template: ChatTemplate };

/**
 * The codec of a model as its GGUF tells it: the ids are those of the folder that it was made from.
 *
 * @param file name of the GGUF, for errors
 */
export function codecOfGguf(metadata: GgufMetadata, stage: string, file: string): Codec {
  const files = tokenizerFromGguf(metadata, stage, file);
  const tokenizer = createTokenizer(
    parseTokenizerJson(files["tokenizer.json"], stage),
    parseTokenizerConfig(files["tokenizer_config.json"], stage),
    stage,
  );
  return { tokenizer, template: templateFor(tokenizer, stage) };
}

/** The codec of a Hugging Face folder; a GGUF made from it takes the same ids. */
export async function readCodec(folder: string, stage: string): Promise<Codec> {
  const tokenizer = await loadTokenizer(folder, stage);
  return { tokenizer, template: templateFor(tokenizer, stage) };
}
