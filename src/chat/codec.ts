import { type ChatTemplate, templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer, type Tokenizer } from "../formats/tokenizer/tokenizer.js";

/** Between a conversation and token ids, exactly as in training. */
export type Codec = { tokenizer: Tokenizer; template: ChatTemplate };

/** The codec of a Hugging Face folder; a GGUF made from it takes the same ids. */
export async function readCodec(folder: string): Promise<Codec> {
  const tokenizer = await loadTokenizer(folder, "chat");
  return { tokenizer, template: templateFor(tokenizer, "chat") };
}
