import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { EncodedDialogue } from "../formats/template/encode.js";

/** Renders and tokenizes a dialogue: the ids that the model will be served, and their weights as targets of the loss. */
export type EncodeDialogue = (dialogue: Dialogue) => EncodedDialogue;

/**
 * A part of a long dialogue: one encoded text that fits, with its replies that carry loss. `shortened` if a question lost
 * its start; `encoded` is null if not even a reply with the end of its question fits. `dialogue` is what was encoded.
 */
export type Part = {
  dialogue: Dialogue;
  encoded: EncodedDialogue | null;
  shortened: boolean;
  replies: number;
};

/**
 * The parts of a dialogue that is longer than `maxTokens`. Every reply carries its loss in one of them at most, and
 * whole; the end of the dialogue is never cut off for its beginning.
 *
 * A part starts with the system prompt. Up to half of it is the newest context, whose replies carry no loss again;
 * the rest are exchanges whose replies do. Of an exchange that is too long alone the question loses its start.
 */
export function cutDialogue(dialogue: Dialogue, encode: EncodeDialogue, maxTokens: number): Part[] {
  const parts: Part[] = [];
  const exchanges = dialogue.turns.length / 2;
  for (let first = 0; first < exchanges;) {
    const length = (start: number, end: number) => encode(excerpt(dialogue, start, first, end)).ids.length;
    let start = first;
    let end = first + 1;
    const shortened = length(start, end) > maxTokens;
    if (!shortened) {
      while (start > 0 && length(start - 1, first) <= maxTokens / 2 && length(start - 1, end) <= maxTokens)
        start -= 1;
      while (end < exchanges && length(start, end + 1) <= maxTokens) end += 1;
    }
    const part = excerpt(dialogue, start, first, end);
    const replies = countReplies(part);
    const cut = shortened
      ? shortenQuestion(part, encode, maxTokens)
      : { dialogue: part, encoded: encode(part) };
    if (replies > 0) parts.push({ dialogue: part, encoded: null, ...cut, shortened, replies });
    first = end;
  }
  return parts;
}

/** A single exchange with as much of its question's end as fits; null if that is nothing. */
function shortenQuestion(
  exchange: Dialogue,
  encode: EncodeDialogue,
  maxTokens: number,
): { dialogue: Dialogue; encoded: EncodedDialogue } | null {
  const [question, reply] = exchange.turns as [Turn, Turn];
  const characters = [...question.text];
  const withoutFirst = (count: number): { dialogue: Dialogue; encoded: EncodedDialogue } => {
    const text = characters.slice(count).join("");
    const dialogue = { ...exchange, turns: [{ ...question, text }, reply] };
    return { dialogue, encoded: encode(dialogue) };
  };
  // The fewest characters to leave out: more of them never make it longer by more than a token or two.
  let [tooFew, enough] = [0, characters.length];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (withoutFirst(middle).encoded.ids.length <= maxTokens) enough = middle;
    else tooFew = middle;
  }
  while (enough < characters.length) {
    const cut = withoutFirst(enough);
    if (cut.encoded.ids.length <= maxTokens && characters.slice(enough).join("").trim() !== "") return cut;
    enough += 1;
  }
  return null;
}

/** Exchanges `start` to `end` of a dialogue; those before `first` are context only. */
function excerpt(dialogue: Dialogue, start: number, first: number, end: number): Dialogue {
  const turns = dialogue.turns.slice(2 * start, 2 * end);
  return {
    ...dialogue,
    turns: turns.map((turn, at) => (start + at / 2 < first ? { ...turn, weight: 0 } : turn)),
  };
}

/** Replies that carry loss. */
export function countReplies(dialogue: Dialogue): number {
  return dialogue.turns.filter(({ role, weight }) => role === "assistant" && weight > 0).length;
}
