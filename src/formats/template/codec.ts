import { type ChatTemplate, templateFor } from "./chat-template.js";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.js";

/** Between a conversation and token ids, exactly as in training. */
export type Codec = { tokenizer: Tokenizer; template: ChatTemplate };

/** The codec of a Hugging Face folder; a GGUF made from it takes the same ids. */
export async function readCodec(folder: string, stage: string): Promise<Codec> {
  const tokenizer = await loadTokenizer(folder, stage);
  return { tokenizer, template: templateFor(tokenizer, stage) };
}
