import { createHmac } from "node:crypto";

const DIGITS = "0123456789";
const SMALL = "abcdefghijklmnopqrstuvwxyz";

/**
 * Numbers that only who knows the secret can draw again: HMAC-SHA256 of the label and a counter.
 *
 * A seeded generator as elsewhere would not do: with 32 bits of seed the original could be tried out.
 */
export class Draw {
  #secret: Uint8Array;
  #label: string;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;
  #blocks = 0;

  constructor(secret: Uint8Array, label: string) {
    this.#secret = secret;
    this.#label = label;
  }

  /** Another stream, which depends on the secret and its own label alone. */
  about(label: string): Draw {
    return new Draw(this.#secret, label);
  }

  /** A whole number from 0 to `limit` − 1; `limit` at most 2³². */
  below(limit: number): number {
    const fair = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      if (this.#at + 4 > this.#block.length) {
        const hash = createHmac("sha256", this.#secret).update(`${this.#blocks}\0${this.#label}`);
        this.#block = hash.digest();
        this.#blocks += 1;
        this.#at = 0;
      }
      const number = this.#block.readUInt32LE(this.#at);
      this.#at += 4;
      if (number < fair) return number % limit;
    }
  }

  pick<Item>(items: ArrayLike<Item>): Item {
    return items[this.below(items.length)]!;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.pick(DIGITS)).join("");
  }

  letters(count: number): string {
    return Array.from({ length: count }, () => this.pick(SMALL)).join("");
  }

  /** A text in which each ASCII letter and digit is another one of its sort, and all else as it was. */
  like(text: string): string {
    return text.replaceAll(/[A-Za-z0-9]/g, (sign) => {
      if (sign <= "9") return this.pick(DIGITS);
      return sign <= "Z" ? this.letters(1).toUpperCase() : this.letters(1);
    });
  }
}
