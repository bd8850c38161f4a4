import type { LoadedModel, Sampling } from "../engines/ports.js";
import { stopIds } from "../formats/template/encode.js";
import type { Run } from "../progress.js";
import type { Codec } from "../formats/template/codec.js";
import { fitPrompt, type History } from "../formats/template/fit-prompt.js";
import { tokensOf } from "../tokens-of.js";
import { Trimmer } from "../trimmer.js";

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
  const decoder = new TextDecoder();
  const trimmer = new Trimmer();
  for await (const { id } of tokensOf(model, prompt, stops, sampling, run)) {
    // A token may end in the middle of a character.
    const text = trimmer.push(decoder.decode(codec.tokenizer.bytesOf(id), { stream: true }));
    if (text !== "") yield text;
  }
  const rest = trimmer.push(decoder.decode());
  if (rest !== "") yield rest;
}
