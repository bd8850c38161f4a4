/** The cells of a row, or in its place what is wrong with it. */
export type SplitRow = string[] | { broken: string };

/** A cell holds a message; whole histories that were forwarded take some 100,000 characters. */
const MAX_CELL_CHARACTERS = 4 * 2 ** 20;
/** What goes on without an end is no row, and would outgrow the longest string that there can be. */
const MAX_ROW_CHARACTERS = 16 * 2 ** 20;
/** What comma-separated values are separated by, the likeliest first; Excel takes `;` where the comma is decimal. */
const DELIMITERS = [",", ";", "\t", "|"];

const QUOTE = 0x22;
const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits a table into rows, as its text comes in. Rows end with LF, CRLF or CR, and quoted cells may hold these; the
 * first row decides on the delimiter.
 *
 * A quotation mark within a cell that nothing doubles stands for itself. One that opens a cell and is not closed
 * before the next such mark on a later line, or at all, costs its own line only.
 *
 * @source RFC 4180; for what that leaves open, Python's csv module and Excel
 */
export class CsvSplitter {
  #text = "";
  /** Where the row that is being read starts. */
  #at = 0;
  #delimiter: string | undefined;
  /** Up to here no quotation mark that opens a cell is closed. */
  #unquotedUntil = 0;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  /** Whether the rest of a line is part of a row that was too long. */
  #overlong = false;
  #ended = false;

  push(piece: string): SplitRow[] {
    this.#waiting.push(piece);
    this.#waitingCharacters += piece.length;
    // An unfinished row is read again from its start: not before it has doubled, or long ones would take the square.
    const rest = this.#text.length - this.#at;
    return this.#waitingCharacters < Math.min(rest, MAX_ROW_CHARACTERS - rest) ? [] : this.#rows();
  }

  end(): SplitRow[] {
    this.#ended = true;
    return this.#rows();
  }

  #rows(): SplitRow[] {
    this.#unquotedUntil = Math.max(0, this.#unquotedUntil - this.#at);
    this.#text = this.#text.slice(this.#at) + this.#waiting.join("");
    this.#at = 0;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    const text = this.#text;
    const rows: SplitRow[] = [];
    if (this.#overlong) {
      const lineEnd = text.search(/[\r\n]/);
      this.#overlong = lineEnd === -1;
      this.#at = this.#overlong ? text.length : lineEnd;
    }
    if (this.#delimiter === undefined && !this.#readStart()) return rows;
    const delimiter = this.#delimiter!;
    while (this.#at < text.length) {
      const lineEnd = text.indexOf("\n", this.#at);
      if (lineEnd !== -1) {
        const line = text.slice(this.#at, lineEnd);
        const turn = line.indexOf("\r");
        if ((turn === -1 || turn === line.length - 1) && !line.includes('"')) {
          rows.push((turn === -1 ? line : line.slice(0, -1)).split(delimiter));
          this.#at = lineEnd + 1;
          continue;
        }
      }
      const row = this.#readRow(text, delimiter);
      if (row) rows.push(row);
      else if (text.length - this.#at <= MAX_ROW_CHARACTERS) break;
      else {
        rows.push({ broken: `over ${MAX_ROW_CHARACTERS} characters without an end` });
        this.#overlong = true;
        this.#at = text.length;
      }
    }
    return rows;
  }

  /** Finds the delimiter; false if the first line is not there yet. */
  #readStart(): boolean {
    const whole = this.#ended || this.#text.length > MAX_CELL_CHARACTERS;
    const line = /^[^\r\n]*(?=\r?\n|\r.)/.exec(this.#text)?.[0] ?? (whole ? this.#text : undefined);
    if (line === undefined) return false;
    // What Excel writes before the header where it does not trust its reader.
    const told = /^sep=(.)$/.exec(line)?.[1];
    if (told !== undefined) this.#at = line.length + 1 + Number(this.#text.startsWith("\r\n", line.length));
    const bare = line.replace(/"[^"]*"/g, "");
    const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
    this.#delimiter = told ?? DELIMITERS[counts.indexOf(Math.max(...counts))]!;
    return true;
  }

  /** A row, mark by mark; undefined if its end is not there yet. */
  #readRow(text: string, delimiter: string): SplitRow | undefined {
    const cells: string[] = [];
    let at = this.#at;
    for (;;) {
      const quoted = text.charCodeAt(at) === QUOTE && at >= this.#unquotedUntil;
      const cell = quoted ? this.#readQuoted(text, at, delimiter) : this.#readBare(text, at, delimiter);
      if (!cell) return undefined;
      if ("broken" in cell) {
        this.#at = afterLine(text, this.#at);
        return cell;
      }
      cells.push(cell.value);
      at = cell.end;
      if (at < text.length && text[at] === delimiter) at += 1;
      else {
        this.#at = afterLine(text, at);
        return cells;
      }
    }
  }

  #readBare(text: string, from: number, delimiter: string): { value: string; end: number } | undefined {
    const mark = delimiter.charCodeAt(0);
    let end = from;
    for (; end < text.length; end += 1) {
      const unit = text.charCodeAt(end);
      if (unit === mark || unit === LF || unit === CR) break;
    }
    if (!this.#isDecided(text, end)) return undefined;
    return { value: text.slice(from, end), end };
  }

  #readQuoted(
    text: string,
    from: number,
    delimiter: string,
  ): { value: string; end: number } | { broken: string } | undefined {
    let doubled = false;
    let lines = false;
    let looked = from;
    for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at)) {
      if (text.charCodeAt(at + 1) === QUOTE) {
        doubled = true;
        at += 2;
        continue;
      }
      let end = at + 1;
      while (text.charCodeAt(end) === SPACE) end += 1;
      if (!this.#isDecided(text, end)) return undefined;
      const unit = text.charCodeAt(end);
      if (end >= text.length || unit === LF || unit === CR || text[end] === delimiter) {
        const value = text.slice(from + 1, at);
        return { value: doubled ? value.replaceAll('""', '"') : value, end };
      }
      lines ||= /[\r\n]/.test(text.slice(looked, at));
      looked = at;
      if (lines) return { broken: "a quotation mark that is not closed" };
      at += 1;
    }
    if (!this.#ended && text.length - from <= MAX_CELL_CHARACTERS) return undefined;
    this.#unquotedUntil = text.length;
    return { broken: "a quotation mark that is not closed" };
  }

  /** Whether what stands at a place says that a cell ends there: a CR that comes last may belong to a CRLF. */
  #isDecided(text: string, at: number): boolean {
    if (this.#ended) return true;
    return at < text.length - 1 || (at < text.length && text.charCodeAt(at) !== CR);
  }
}

/** The start of the line behind a place. */
function afterLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === LF) return at + 1;
    if (unit === CR) return at + 1 + Number(text.charCodeAt(at + 1) === LF);
  }
  return text.length;
}
