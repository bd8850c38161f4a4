import type { Turn } from "../dialogue/dialogue.js";
import { readModelConfig } from "../formats/model-config.js";
import { templateFor } from "../formats/template/chat-template.js";
import { encodePrompt, encodeReply, stopIds } from "../formats/template/encode.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";

/** Between chat and token ids, exactly as in training and serving. */
export type Codec = {
  /** Name of the chat template. */
  template: string;
  /** Longest sequence the model knows, in tokens. */
  contextTokens: number;
  /** Ids after which a reply is over. */
  stopIds: number[];
  /** Ids of a conversation up to the point where the person replies. */
  encodePrompt(system: string | null, context: readonly Turn[]): number[];
  /** Ids of a reply and the end token. */
  encodeReply(text: string): number[];
  /** The text of a reply; marks of the template stay visible. */
  decode(ids: readonly number[]): string;
};

/** The codec of a Hugging Face folder with `config.json` and `tokenizer.json`. */
export async function readCodec(folder: string): Promise<Codec> {
  const { contextTokens } = await readModelConfig(folder, "compare");
  const tokenizer = await loadTokenizer(folder, "compare");
  const template = templateFor(tokenizer, "compare");
  return {
    template: template.id,
    contextTokens,
    stopIds: stopIds(tokenizer, template),
    encodePrompt: (system, turns) => encodePrompt(tokenizer, template, { system, turns }),
    encodeReply: (text) => encodeReply(tokenizer, template, text),
    decode: (ids) => tokenizer.decode(ids),
  };
}
