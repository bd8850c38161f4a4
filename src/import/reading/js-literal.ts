/** How deep lists and objects may lie in each other: far more than any export has, far less than the stack holds. */
const DEEPEST = 200;

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  undefined: null,
  None: null,
  True: true,
  False: false,
};

/**
 * The value of a literal of JavaScript (or Python): JSON, with bare keys, single quotes and commas at the end besides.
 * Nothing is evaluated.
 *
 * @throws {SyntaxError} it is none, or more follows
 */
export function parseJsLiteral(text: string): unknown {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class LiteralParser {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (depth > DEEPEST) throw new SyntaxError("too deep");
    if (character === "{") return this.#object(depth);
    if (character === "[") return this.#list(depth);
    if (character === "'" || character === '"' || character === "`") return this.#string(character);
    const word = this.#match(/[-+]?(?:[\d.]+(?:e[-+]?\d+)?|[\w$]+)/iy);
    if (word in WORDS && Object.hasOwn(WORDS, word)) return WORDS[word];
    const number = Number(word);
    if (Number.isNaN(number)) throw new SyntaxError("not a value");
    // A number of more digits than one holds stays text.
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? word : number;
  }

  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw new SyntaxError("more follows");
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    while (!this.#closes("}")) {
      const quote = this.#text[this.#at];
      const key = quote === "'" || quote === '"' ? this.#string(quote) : this.#match(/[\w$\u0080-\uffff]+/y);
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") throw new SyntaxError("no colon");
      this.#at += 1;
      entries.push([key, this.value(depth + 1)]);
      this.#comma("}");
    }
    return Object.fromEntries(entries);
  }

  #list(depth: number): unknown[] {
    const values: unknown[] = [];
    this.#at += 1;
    while (!this.#closes("]")) {
      values.push(this.value(depth + 1));
      this.#comma("]");
    }
    return values;
  }

  /** Whether the bracket comes next, which is then passed. */
  #closes(bracket: string): boolean {
    this.#skipSpace();
    const closes = this.#text[this.#at] === bracket;
    if (closes) this.#at += 1;
    return closes;
  }

  #comma(bracket: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] === ",") this.#at += 1;
    else if (this.#text[this.#at] !== bracket) throw new SyntaxError("no comma");
  }

  #string(quote: string): string {
    let result = "";
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at += 1) {
      const character = this.#text[at];
      if (character === quote) {
        this.#at = at + 1;
        return result + this.#text.slice(from, at);
      }
      if (character === "\\") {
        const [plain, length] = escaped(this.#text, at + 1);
        result += this.#text.slice(from, at) + plain;
        at += length;
        from = at + 1;
      }
    }
    throw new SyntaxError("a text without an end");
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new SyntaxError("not a value");
    this.#at += found.length;
    return found;
  }

  #skipSpace(): void {
    const space = /\s*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)![0].length;
  }
}

/** What stands behind a backslash, and how many characters long it is. */
function escaped(text: string, at: number): [string, number] {
  const character = text[at] ?? "";
  const digits =
    character === "u" ? text.slice(at + 1, at + 5) : character === "x" ? text.slice(at + 1, at + 3) : "";
  if (/^(?:[\da-f]{4}|[\da-f]{2})$/i.test(digits))
    return [String.fromCharCode(Number.parseInt(digits, 16)), 1 + digits.length];
  // A backslash before the end of a line joins the lines.
  if (character === "\n") return ["", 1];
  return [ESCAPES[character] ?? character, character.length];
}
