/** Text that comes in pieces, without the white space at its ends: such space is held back until something follows it. */
export class Trimmer {
  #begun: boolean;
  #held = "";

  /** @param begun whether it goes on from something, so that white space before it belongs to it */
  constructor(begun = false) {
    this.#begun = begun;
  }

  /** What of the text so far can be given out now. */
  push(text: string): string {
    const known = this.#begun ? this.#held + text : text.trimStart();
    const solid = known.trimEnd();
    this.#held = known.slice(solid.length);
    if (solid !== "") this.#begun = true;
    return solid;
  }
}
