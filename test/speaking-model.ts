import type { LoadedModel, Sampling } from "../src/engines/ports.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { parseTokenizerConfig, parseTokenizerJson } from "../src/formats/tokenizer/tokenizer-json.js";
import { createTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { tinyTokenizer } from "./tiny-tokenizer.js";

const { tokenizer: json, tokenizerConfig } = tinyTokenizer("qwen2");
const tokenizer = createTokenizer(
  parseTokenizerJson({ ...json, post_processor: null }, "test"),
  parseTokenizerConfig(tokenizerConfig, "test"),
  "test",
);

/** The tiny tokenizer, and ChatML. */
export const tinyCodec = { tokenizer, template: templateFor(tokenizer, "test") };

const byteIds = new Map<number, number>();
for (let id = 0; id < tokenizer.vocabularySize; id += 1) {
  const bytes = tokenizer.bytesOf(id);
  if (bytes.length === 1 && !byteIds.has(bytes[0]!)) byteIds.set(bytes[0]!, id);
}

/** A text with one token a byte, so that every character beyond ASCII is split. */
export function byteTokens(text: string): number[] {
  return [...Buffer.from(text)].map((byte) => byteIds.get(byte)!);
}

/** What a model was asked, and how its answer ended. */
export type Asked = { prompt: string; sampling: Sampling; ended?: "end" | "aborted" };

/**
 * A model that says the given texts one after the other, a token at each turn of the event loop.
 *
 * @param onToken sees how many tokens of a reply have been given, after each
 */
export function speakingModel(
  replies: readonly string[],
  onToken: (count: number) => void = () => {},
): LoadedModel & { asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    generate: async (prompt, _stopIds, sampling, run) => {
      const call: Asked = { prompt: tokenizer.decode(prompt), sampling };
      asked.push(call);
      const ids = byteTokens(replies[asked.length - 1] ?? "");
      for (const [index, id] of ids.entries()) {
        await new Promise(setImmediate);
        if (run?.signal?.aborted) {
          call.ended = "aborted";
          return { ids: ids.slice(0, index), ended: "aborted" };
        }
        run?.onToken?.(id);
        onToken(index + 1);
      }
      call.ended = "end";
      return { ids, ended: "end" };
    },
    score: () => Promise.reject(new Error("internal: not asked for")),
    tokenize: (text) => tokenizer.encode(text),
    close: () => Promise.resolve(),
  };
}
