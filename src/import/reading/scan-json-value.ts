const BAD = 0;
const PLAIN = 1;
const OPEN = 2;
const CLOSE = 3;
const QUOTE = 4;
const DIGIT = 5;

/** What an ASCII character is outside strings. */
const CLASSES = new Uint8Array(128);
for (const character of " \t\n\r,:+-.eEtrufalsn") CLASSES[character.charCodeAt(0)] = PLAIN;
for (const character of "0123456789") CLASSES[character.charCodeAt(0)] = DIGIT;
for (const character of "[{") CLASSES[character.charCodeAt(0)] = OPEN;
for (const character of "]}") CLASSES[character.charCodeAt(0)] = CLOSE;
CLASSES[0x22] = QUOTE;

const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

/** Of whole numbers of so many digits some are from 2^53 on. */
const LONG_DIGITS = 16;

/**
 * Finds where a JSON value ends whose text comes in pieces, without parsing it.
 *
 * It counts brackets, so that the end of a value that is not JSON is found, too, unless it is the brackets or the
 * quotation marks that are wrong. Both show soon: letters come to stand outside strings, or line ends within.
 */
export class ValueScanner {
  /** How many characters have been scanned. */
  length = 0;
  /** After how many of them something stood that cannot stand there in JSON; -1 if nothing did. */
  brokenAt = -1;
  /** How many brackets were open at once. */
  deepest = 0;
  /** Whether a number stands in it of which digits may be lost. */
  hasLongNumber = false;
  #depth = 0;
  #digits = 0;
  #inString = false;
  #escaped = false;
  #bare = false;

  /** Whether the value is a number or a word, which ends where something else begins. */
  get bare(): boolean {
    return this.#bare;
  }

  /** Starts a value; `scan` gets its first character again. */
  start(first: number): void {
    this.length = 0;
    this.brokenAt = -1;
    this.deepest = 0;
    this.hasLongNumber = false;
    this.#depth = 0;
    this.#digits = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#bare = !(first < 128) || CLASSES[first]! < OPEN || CLASSES[first] === DIGIT;
    this.hasLongNumber = this.#bare;
  }

  /** Where in the piece the value ends, or -1 if it goes on; a number at the end of a document goes on. */
  scan(piece: string, from: number): number {
    const end = this.#bare ? this.#scanBare(piece, from) : this.#scanNested(piece, from);
    this.length += (end === -1 ? piece.length : end) - from;
    return end;
  }

  #scanBare(piece: string, from: number): number {
    for (let at = from; at < piece.length; at += 1) {
      const unit = piece.charCodeAt(at);
      // Space, comma, bracket.
      if (unit <= FIRST_PRINTABLE || unit === 0x2c || unit === 0x5d || unit === 0x7d) return at;
    }
    return -1;
  }

  #scanNested(piece: string, from: number): number {
    const { length } = piece;
    let depth = this.#depth;
    let digits = this.#digits;
    let deepest = this.deepest;
    let inString = this.#inString;
    let brokenAt = -1;
    let at = from;
    if (this.#escaped && at < length) {
      this.#escaped = false;
      at += 1;
    }
    while (at < length) {
      if (inString) {
        const unit = piece.charCodeAt(at++);
        // Most are letters, and need no other question.
        if (unit > BACKSLASH) continue;
        if (unit === 0x22) {
          inString = false;
          if (depth === 0) break;
        } else if (unit === BACKSLASH) {
          if (at < length) at += 1;
          else this.#escaped = true;
        } else if (unit < FIRST_PRINTABLE && brokenAt === -1) brokenAt = at;
        continue;
      }
      const unit = piece.charCodeAt(at++);
      const what = unit < 128 ? CLASSES[unit]! : BAD;
      if (what === DIGIT) {
        digits += 1;
        if (digits === LONG_DIGITS) this.hasLongNumber = true;
        continue;
      }
      digits = 0;
      if (what === PLAIN) continue;
      if (what === QUOTE) inString = true;
      else if (what === OPEN) {
        depth += 1;
        if (depth > deepest) deepest = depth;
      } else if (what === CLOSE) {
        depth -= 1;
        if (depth <= 0) break;
      } else if (brokenAt === -1) brokenAt = at;
    }
    this.#depth = depth;
    this.#digits = digits;
    this.deepest = deepest;
    this.#inString = inString;
    if (this.brokenAt === -1 && brokenAt !== -1) this.brokenAt = this.length + brokenAt - from;
    return depth <= 0 && !inString && !this.#escaped ? at : -1;
  }
}
