import { type Entry, normalise, textOf } from "./entry.js";
import { hashText } from "./spool/hash-text.js";

/** The share of a dialogue's characters that has to be known; masks and cut links keep some from being so. */
const NEARLY_ALL = 0.8;

/**
 * Tells dialogues that a training export made of messages which another export holds with their times. A training export
 * joins bubbles to one turn, so that texts are compared by their parts between line ends and commas.
 *
 * Holds 32 bits of each part of the dialogues, none of the messages.
 */
export class KnownWords {
  /** By hash of a part: whether a message has it. */
  #parts = new Map<number, boolean>();

  /** Takes up a message of a dialogue that is to be looked for. */
  want(entry: Entry): void {
    for (const part of partsOf(entry)) this.#parts.set(hashText(part), false);
  }

  /** Takes up a message that has a time. */
  see(entry: Entry): void {
    if (this.#parts.size === 0) return;
    for (const part of partsOf(entry)) {
      const hash = hashText(part);
      if (this.#parts.has(hash)) this.#parts.set(hash, true);
    }
  }

  /** Whether nearly all that a dialogue says was said in messages that have a time. */
  knows(dialogue: readonly Entry[]): boolean {
    let [known, all] = [0, 0];
    for (const entry of dialogue) {
      for (const part of partsOf(entry)) {
        all += part.length;
        if (this.#parts.get(hashText(part)) === true) known += part.length;
      }
    }
    return all > 0 && known >= NEARLY_ALL * all;
  }
}

/** The parts of a text with a mark of who wrote it. */
function partsOf(entry: Entry): string[] {
  if (entry.kind !== "text") return [];
  const parts = normalise(textOf(entry)).split(/[\n,，]/);
  return parts.flatMap((part) => (part.trim() === "" ? [] : `${Number(entry.owner)}${part.trim()}`));
}
