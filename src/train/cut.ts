import type { Dialogue } from "../dialogue/dialogue.js";
import type { EncodedDialogue } from "../formats/template/encode.js";

/** Renders and tokenizes a dialogue: the ids that the model will be served, and their weights as targets of the loss. */
export type EncodeDialogue = (dialogue: Dialogue) => EncodedDialogue;

/** A part of a long dialogue: one encoded text, or, where a single exchange is too long, pieces of it. */
export type Part = { pieces: EncodedDialogue[]; torn: boolean; replies: number };

/**
 * The parts of a dialogue that is longer than `maxTokens`. Every reply carries its loss in exactly one of them.
 *
 * A part starts with the system prompt. Up to half of it is the newest context, whose replies carry no loss again;
 * the rest are exchanges whose replies do.
 */
export function cutDialogue(dialogue: Dialogue, encode: EncodeDialogue, maxTokens: number): Part[] {
  const parts: Part[] = [];
  const exchanges = dialogue.turns.length / 2;
  for (let first = 0; first < exchanges;) {
    const length = (start: number, end: number) => encode(excerpt(dialogue, start, first, end)).ids.length;
    let start = first;
    let end = first + 1;
    const torn = length(start, end) > maxTokens;
    if (!torn) {
      while (start > 0 && length(start - 1, first) <= maxTokens / 2 && length(start - 1, end) <= maxTokens)
        start -= 1;
      while (end < exchanges && length(start, end + 1) <= maxTokens) end += 1;
    }
    const part = excerpt(dialogue, start, first, end);
    const replies = countReplies(part);
    const encoded = encode(part);
    if (replies > 0) parts.push({ pieces: torn ? cutTokens(encoded, maxTokens) : [encoded], torn, replies });
    first = end;
  }
  return parts;
}

/** Exchanges `start` to `end` of a dialogue; those before `first` are context only. */
function excerpt(dialogue: Dialogue, start: number, first: number, end: number): Dialogue {
  const turns = dialogue.turns.slice(2 * start, 2 * end);
  return {
    ...dialogue,
    turns: turns.map((turn, at) => (start + at / 2 < first ? { ...turn, weight: 0 } : turn)),
  };
}

/**
 * Pieces of at most `maxTokens` tokens, first to last. Every token that carries loss does so in one of them, after at
 * least half a piece of what came before it, or all there is.
 */
export function cutTokens({ ids, weights }: EncodedDialogue, maxTokens: number): EncodedDialogue[] {
  const pieces: EncodedDialogue[] = [];
  let end = weights.findLastIndex((weight) => weight > 0) + 1;
  while (end > 0) {
    const start = Math.max(0, end - maxTokens);
    // What lies before `from` is left to the next piece, which ends there.
    const from = start === 0 ? 1 : start + Math.ceil(maxTokens / 2);
    pieces.unshift({
      ids: ids.slice(start, end),
      weights: weights.slice(start, end).map((weight, at) => (start + at < from ? 0 : weight)),
    });
    end = weights.slice(0, from).findLastIndex((weight) => weight > 0) + 1;
  }
  return pieces;
}

/** Replies that carry loss. */
export function countReplies(dialogue: Dialogue): number {
  return dialogue.turns.filter(({ role, weight }) => role === "assistant" && weight > 0).length;
}
