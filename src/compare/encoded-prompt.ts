import { createRandom } from "../random.js";
import type { Codec } from "./codec.js";
import type { Prompt } from "./prompts.js";

/** A prompt as token ids, and the draw that every model makes at it. */
export type EncodedPrompt = Prompt & { promptIds: number[]; replyIds: number[]; seed: number };

/** A chat moment needs no more than this, and memory stays small. */
const MOST_TOKENS = 4096;

/**
 * A prompt as token ids; its oldest turns are left out until it and a reply fit the model. Null if even the
 * last turn alone does not fit.
 *
 * @param maxTokens room to leave for a drawn reply
 */
export function encodePrompt(
  prompt: Prompt,
  codec: Codec,
  maxTokens: number,
  seed: number,
): EncodedPrompt | null {
  const replyIds = codec.encodeReply(prompt.reply);
  const room = Math.min(codec.contextTokens, MOST_TOKENS) - Math.max(maxTokens, replyIds.length);
  for (let from = 0; from < prompt.context.length; from += 2) {
    const context = prompt.context.slice(from);
    const promptIds = codec.encodePrompt(prompt.system, context);
    if (promptIds.length <= room) {
      return { ...prompt, context, promptIds, replyIds, seed: drawSeed(seed, prompt.id) };
    }
  }
  return null;
}

/** Tokens that the longest of the prompts takes with its reply. */
export function longestSequence(prompts: readonly EncodedPrompt[], maxTokens: number): number {
  return Math.max(
    ...prompts.map(({ promptIds, replyIds }) => promptIds.length + Math.max(maxTokens, replyIds.length)),
  );
}

/** The seed of the draw at a prompt: the same for all systems, 31 bits. */
function drawSeed(seed: number, promptId: string): number {
  return Math.floor(createRandom(`draw ${seed} ${promptId}`)() * 2 ** 31);
}
