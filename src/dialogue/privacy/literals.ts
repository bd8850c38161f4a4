import type { PrivateKind } from "../../private-placeholders.js";
import type { Found } from "./find-private.js";

/** A word to be found wherever it stands. */
export type Literal = {
  kind: PrivateKind;
  text: string;
  /** Capitals and small letters are the same. */
  anyCase: boolean;
};

type Sought = Literal & { small: string; isPair: boolean };

const WORD_SIGN = /[A-Za-z0-9_\u00C0-\u024F\u0370-\u052F]/;
const HAN_PAIR = /^\p{Script=Han}{2}$/u;
const words = new Intl.Segmenter("zh", { granularity: "word" });

/**
 * Finds any of many words in a text, the longest first where several begin at one place.
 *
 * Words of letters must stand alone, though Chinese may touch them. Two Chinese characters must not cut through other
 * words: 王明 is not in 国王明天来.
 */
export class Literals {
  #begins = new Uint8Array(2 ** 16);
  #byBeginning = new Map<number, Sought[]>();

  /** @param literals of at least two UTF-16 units each */
  constructor(literals: Iterable<Literal>) {
    for (const literal of literals) {
      const small = literal.text.toLowerCase();
      const sought = { ...literal, small, isPair: HAN_PAIR.test(literal.text) };
      const beginning = beginningAt(small, 0);
      this.#begins[beginning >>> 16] = 1;
      const list = this.#byBeginning.get(beginning);
      if (list) list.push(sought);
      else this.#byBeginning.set(beginning, [sought]);
    }
    for (const list of this.#byBeginning.values()) list.sort((a, b) => b.text.length - a.text.length);
  }

  /** @param text with full-width signs as half-width */
  find(text: string): Found[] {
    const found: Found[] = [];
    if (this.#byBeginning.size === 0) return found;
    const small = text.toLowerCase();
    // Where a small letter takes more units than its capital, places would shift.
    const folded = small.length === text.length ? small : text;
    for (let at = 0; at < folded.length - 1; at += 1) {
      if (this.#begins[folded.charCodeAt(at)] === 0) continue;
      const literal = this.#byBeginning
        .get(beginningAt(folded, at))
        ?.find((one) => stands(one, folded, text, at));
      if (!literal) continue;
      found.push({ kind: literal.kind, start: at, end: at + literal.text.length });
      at += literal.text.length - 1;
    }
    return found;
  }
}

function beginningAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 2 ** 16 + text.charCodeAt(at + 1)) >>> 0;
}

function stands(
  { text: word, anyCase, small, isPair }: Sought,
  folded: string,
  text: string,
  at: number,
): boolean {
  if (anyCase ? !folded.startsWith(small, at) : !text.startsWith(word, at)) return false;
  const end = at + word.length;
  if (WORD_SIGN.test(word[0]!) && at > 0 && WORD_SIGN.test(text[at - 1]!)) return false;
  if (WORD_SIGN.test(word.at(-1)!) && end < text.length && WORD_SIGN.test(text[end]!)) return false;
  return !isPair || !cutsWords(text, at, end);
}

/** Whether a stretch begins or ends within a word. */
function cutsWords(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - 12);
  for (const { segment, index } of words.segment(text.slice(from, end + 12))) {
    const [first, last] = [from + index, from + index + segment.length];
    if ((first < start && last > start) || (first < end && last > end)) return true;
  }
  return false;
}
