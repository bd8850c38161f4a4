import type { Turn } from "../dialogue/dialogue.js";
import type { Answered } from "./parse-answer.js";

/** What no reader would call a change: compatibility forms, kinds of white space. */
function normalise(text: string): string {
  return text.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
}

/**
 * An answer with the original turns in it, as a dialogue: these exactly as they were, everything around them synthetic.
 *
 * @param weight of synthetic own turns in the loss
 * @returns what is wrong, if the originals are not all there, in order and without anything in between
 */
export function continued(
  original: readonly Turn[],
  answer: readonly Answered[],
  weight: number,
): Turn[] | string {
  const at = answer.findIndex((_, start) =>
    original.every((turn, index) => isSame(answer[start + index], turn)),
  );
  if (at < 0) return "the messages of the fragment are not all in it, unchanged and together";
  return answer.map((turn, index) => original[index - at] ?? synthetic(turn, weight));
}

function isSame(turn: Answered | undefined, real: Turn): boolean {
  return turn !== undefined && turn.role === real.role && normalise(turn.text) === normalise(real.text);
}

/**
 * An answer that may have edited the original: turns that are still the same are real, those that share most of their
 * characters with an original one in the same place of the order are edited, the rest synthetic.
 */
export function rewritten(original: readonly Turn[], answer: readonly Answered[], weight: number): Turn[] {
  let next = 0;
  return answer.map((turn) => {
    for (let index = next; index < original.length; index += 1) {
      const real = original[index]!;
      if (real.role !== turn.role) continue;
      const likeness = shared(normalise(real.text), normalise(turn.text));
      if (likeness < 0.5) continue;
      next = index + 1;
      if (normalise(real.text) === normalise(turn.text)) return real;
      return { ...synthetic(turn, weight), origin: "edited" };
    }
    return synthetic(turn, weight);
  });
}

function synthetic({ role, text }: Answered, weight: number): Turn {
  return { role, text, origin: "synthetic", weight: role === "assistant" ? weight : 0 };
}

/** The share of character pairs of the shorter text that are in the longer one too (overlap coefficient); 0 to 1. */
function shared(a: string, b: string): number {
  const [one, other] = [pairs(a), pairs(b)];
  let both = 0;
  for (const pair of one) if (other.has(pair)) both += 1;
  return both / Math.max(1, Math.min(one.size, other.size));
}

function pairs(text: string): Set<string> {
  const characters = [...text];
  if (characters.length === 1) return new Set(characters);
  return new Set(characters.slice(1).map((character, index) => characters[index]! + character));
}
