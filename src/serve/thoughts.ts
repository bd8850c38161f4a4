import { overlap } from "./stop-finder.js";

export const THINK_OPEN = "<think>";
export const THINK_CLOSE = "</think>";

export type Stretch = { text: string; thinking: boolean };

/**
 * Tells what a model thinks aloud from what it says, in text that comes in pieces. The tags themselves are left out, a
 * closing one that nothing opened too: a tuned model should write none, and whoever reads its replies should see none.
 */
export class Thoughts {
  #thinking = false;
  #held = "";

  /** The stretches that are known now. */
  push(text: string): Stretch[] {
    const stretches: Stretch[] = [];
    let known = this.#held + text;
    for (;;) {
      const [place, tag] = firstTag(known);
      if (tag === undefined) break;
      if (place > 0) stretches.push({ text: known.slice(0, place), thinking: this.#thinking });
      this.#thinking = tag === THINK_OPEN;
      known = known.slice(place + tag.length);
    }
    const kept = Math.max(overlap(known, THINK_OPEN), overlap(known, THINK_CLOSE));
    this.#held = kept > 0 ? known.slice(-kept) : "";
    if (known.length > kept)
      stretches.push({ text: known.slice(0, known.length - kept), thinking: this.#thinking });
    return stretches;
  }

  /** What was held back, once nothing more comes. */
  rest(): Stretch[] {
    return this.#held === "" ? [] : [{ text: this.#held, thinking: this.#thinking }];
  }
}

function firstTag(text: string): [place: number, tag: string | undefined] {
  const found = [THINK_OPEN, THINK_CLOSE]
    .map((tag): [number, string] => [text.indexOf(tag), tag])
    .filter(([place]) => place >= 0)
    .sort(([a], [b]) => a - b);
  return found[0] ?? [0, undefined];
}
