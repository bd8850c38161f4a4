import type { PrivateKind } from "../../private-placeholders.js";
import type { Draw } from "./draw.js";

/** Where something stands in a text, in UTF-16 units; `end` is the first that no longer belongs to it. */
export type Span = { start: number; end: number };

/** What one of the last messages of a chat spoke of, so that the answer to it is known for what it is. */
export type Topic = "password" | "code" | "passport" | "phone";

/** How one type of private data is known, and what stands in for it. */
export type Detector = {
  kind: PrivateKind;
  /** How many digits there are in the shortest, so that a text with fewer in all need not be searched. */
  digits: number;
  /** A sign or word without which a text need not be searched; beside the digits. */
  hint?: RegExp;
  /** All of this type in a text whose full-width signs are half-width (see `toHalfWidth`), in their order. */
  find: (text: string, topics: ReadonlySet<Topic>) => Span[];
  /** The same for every way in which the same thing is written. */
  key: (found: string) => string;
  /**
   * Something of the same form that nobody has; letters and digits only where separators are free.
   *
   * @param found as it was first written
   */
  imagine: (found: string, draw: Draw) => string;
  /** Whether it is told from other words by what stands near it alone; it is then known wherever it comes again. */
  byContext?: true;
};

/**
 * Where a pattern matches: its group `it`, or the whole match where it has none.
 *
 * @param pattern with the flags d and g
 * @param accepts whether a match of that form really is one
 */
export function spansOf(
  text: string,
  pattern: RegExp,
  accepts: (found: string, start: number) => boolean = () => true,
): Span[] {
  const spans: Span[] = [];
  // Not matchAll, which makes a copy of the pattern every time.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [start, end] = match.indices!.groups?.["it"] ?? match.indices![0]!;
    if (accepts(text.slice(start, end), start)) spans.push({ start, end });
  }
  return spans;
}

/** The digits of a text. */
export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}

const NUMBERED =
  /(?:订单|单号|运单|快递|物流|流水|编号|票号|工号|凭证|序列号|取件|order|tracking|invoice|booking|receipt|serial|ticket|parcel|ref)(?:\s?(?:编?号|no\.?|num(?:ber)?|id|code))?(?:['’]?s|是|为| is)?\s*[:：#]?\s*[A-Za-z]{0,4}-?$/i;

/** Whether the words before a number say that it is one of an order, a parcel or the like. */
export function isOrderNumber(text: string, start: number): boolean {
  return NUMBERED.test(text.slice(Math.max(0, start - 24), start));
}
