import type { LoadedModel, Sampling } from "../engines/ports.js";
import { stopIds } from "../formats/template/encode.js";
import type { Tokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Run } from "../progress.js";
import type { Codec } from "../formats/template/codec.js";
import { fitPrompt, type History } from "../formats/template/fit-prompt.js";
import { tokensOf } from "../tokens-of.js";

/** How a reply is drawn, and how many tokens the model sees, the reply included. */
export type ReplySettings = Sampling & { contextTokens: number };

/**
 * The model's reply to a conversation, as pieces of text as they come. Joined they are the reply without white space at
 * its ends, as the template writes it; no character is ever split. Leaving the loop early stops the model.
 *
 * @throws {LimitExceeded} the last turn alone is too long for the context
 */
export async function* replyTo(
  model: LoadedModel,
  codec: Codec,
  history: History,
  settings: ReplySettings,
  run: Run = {},
): AsyncGenerator<string, void> {
  const { contextTokens, ...sampling } = settings;
  const prompt = fitPrompt(codec, history, contextTokens - sampling.maxTokens, "chat");
  const stops = stopIds(codec.tokenizer, codec.template);
  yield* trimmed(decoded(codec.tokenizer, tokensOf(model, prompt, stops, sampling, run)));
}

/** Whole characters: a token may end in the middle of one. */
async function* decoded(tokenizer: Tokenizer, ids: AsyncIterable<number>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const id of ids) yield decoder.decode(tokenizer.bytesOf(id), { stream: true });
  yield decoder.decode();
}

/** The same text without white space at its ends; white space is held back until something follows it. */
async function* trimmed(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let begun = false;
  let held = "";
  for await (const text of texts) {
    const known = begun ? held + text : text.trimStart();
    const solid = known.trimEnd();
    held = known.slice(solid.length);
    if (solid === "") continue;
    begun = true;
    yield solid;
  }
}
