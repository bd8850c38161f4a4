import { hashText } from "./spool/hash-text.js";

/** What messages point to: hashes of the ids and texts that they answer, as a segment keeps them. */
export type Pointers = { ids: Uint32Array; texts: Uint32Array };

/** Tells messages that others point to: a few too many, never one too few, in a bit or two for each that is pointed to. */
export class Pointed {
  #ids: Filter;
  #texts: Filter;

  /** @param counts how many hashes will be added */
  constructor(counts: { ids: number; texts: number }) {
    this.#ids = new Filter(counts.ids);
    this.#texts = new Filter(counts.texts);
  }

  /** Whether any message points to a text. */
  get anyText(): boolean {
    return this.#texts.any;
  }

  add({ ids, texts }: Pointers): void {
    for (const hash of ids) this.#ids.add(hash);
    for (const hash of texts) this.#texts.add(hash);
  }

  /** @param platformId as JSON */
  hasId(platformId: string): boolean {
    return this.#ids.any && this.#ids.has(hashText(platformId));
  }

  /** @param text as it is compared */
  hasText(text: string): boolean {
    return this.#texts.any && this.#texts.has(hashText(text));
  }
}

class Filter {
  readonly any: boolean;
  #bits: Uint32Array;
  #mask: number;

  constructor(count: number) {
    const bits = 2 ** Math.min(30, Math.ceil(Math.log2(Math.max(1024, 16 * count))));
    this.any = count > 0;
    this.#bits = new Uint32Array(bits / 32);
    this.#mask = bits - 1;
  }

  add(hash: number): void {
    const bit = hash & this.#mask;
    this.#bits[bit >>> 5]! |= 1 << (bit & 31);
  }

  has(hash: number): boolean {
    const bit = hash & this.#mask;
    return ((this.#bits[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
  }
}
