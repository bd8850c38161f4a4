import type { GgufNumberType } from "./metadata.js";
import { NUMBERS } from "./numbers.js";

/** Thrown inside `HeaderBytes.parse` when the bytes at hand do not suffice; never seen outside. */
const NEED_MORE = Symbol("need more bytes");

/** Reads the pieces of a GGUF header one after the other from the first bytes of a file. */
export class HeaderBytes {
  position = 0;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #sizeBytes: number;
  readonly #refuse: (what: string) => never;

  private constructor(start: Uint8Array, sizeBytes: number, refuse: (what: string) => never) {
    this.#sizeBytes = sizeBytes;
    this.#refuse = refuse;
    this.#view = new DataView(start.buffer, start.byteOffset, start.byteLength);
    this.#bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  }

  /**
   * What `read` makes of the header, or undefined where `start` is too short for it although the file is not.
   *
   * @param sizeBytes of the whole file: a header that needs more is refused
   */
  static parse<Header>(
    start: Uint8Array,
    sizeBytes: number,
    refuse: (what: string) => never,
    read: (bytes: HeaderBytes) => Header,
  ): Header | undefined {
    try {
      return read(new HeaderBytes(start, sizeBytes, refuse));
    } catch (error) {
      if (error === NEED_MORE) return undefined;
      throw error;
    }
  }

  /** Moves past this many bytes and says where they began. */
  #take(length: number, what: string): number {
    const begin = this.position;
    const end = begin + length;
    if (end > this.#sizeBytes)
      this.#refuse(`${what} ends at byte ${end}, past the end of the file (${this.#sizeBytes})`);
    // A signal to our own caller, not an error
    if (end > this.#bytes.length) throw NEED_MORE;
    this.position = end;
    return begin;
  }

  number(type: GgufNumberType): number {
    const { bytes, read } = NUMBERS[type];
    return read(this.#view, this.#take(bytes, "the header"));
  }

  uint32(): number {
    return this.number("uint32");
  }

  uint64(): number {
    return this.number("uint64");
  }

  boolean(): boolean {
    return this.number("uint8") !== 0;
  }

  /** A number of things of which each takes at least some bytes of this file. */
  count(what: string, leastBytesEach: number): number {
    const count = this.uint64();
    const most = Math.floor((this.#sizeBytes - this.position) / leastBytesEach);
    if (count > most) this.#refuse(`it says that it has ${count} ${what}; the file has room for ${most}`);
    // Before an array of that length is made, see that the bytes for it are at hand.
    const begin = this.position;
    this.#take(count * leastBytesEach, what);
    this.position = begin;
    return count;
  }

  string(what: string, mostBytes: number = Infinity): string {
    const length = this.uint64();
    if (length > mostBytes) this.#refuse(`${what} is ${length} bytes long (at most ${mostBytes})`);
    const begin = this.#take(length, what);
    return this.#bytes.toString("utf8", begin, begin + length);
  }

  numbers(type: GgufNumberType, count: number): ArrayLike<number> {
    const { bytes, list, read } = NUMBERS[type];
    const begin = this.#take(count * bytes, "the header");
    const values = list(count);
    for (let at = 0; at < count; at += 1) values[at] = read(this.#view, begin + at * bytes);
    return values;
  }
}
