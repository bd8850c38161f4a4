/** Finds the first of some texts in text that comes in pieces; what may be the beginning of one is held back. */
export class StopFinder {
  readonly #stops: readonly string[];
  #held = "";

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== "");
  }

  /** What of the text so far can be given out now, and whether it ended before one of the texts. */
  push(text: string): { text: string; stopped: boolean } {
    const known = this.#held + text;
    const places = this.#stops.map((stop) => known.indexOf(stop)).filter((place) => place >= 0);
    if (places.length > 0) {
      this.#held = "";
      return { text: known.slice(0, Math.min(...places)), stopped: true };
    }
    const kept = Math.max(0, ...this.#stops.map((stop) => overlap(known, stop)));
    this.#held = kept > 0 ? known.slice(-kept) : "";
    return { text: known.slice(0, known.length - kept), stopped: false };
  }

  /** What was held back, once nothing more comes. */
  rest(): string {
    return this.#held;
  }
}

/** How many characters at the end of a text are the beginning of another one, which is not whole in it. */
export function overlap(text: string, other: string): number {
  for (let length = Math.min(text.length, other.length - 1); length > 0; length -= 1) {
    if (text.endsWith(other.slice(0, length))) return length;
  }
  return 0;
}
