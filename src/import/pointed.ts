/** What messages point to, by hash: a few too many, never one too few, in a bit or two each. */
export class Pointed {
  readonly any: boolean;
  #bits: Uint32Array;
  #mask: number;

  /** @param count how many hashes will be added */
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
