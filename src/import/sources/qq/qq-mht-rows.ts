import { Parser } from "htmlparser2";

/** A row of the one table that the file is: a message, or a line about those that follow. */
export type MhtRow =
  | { kind: "line"; text: string }
  | { kind: "message"; from: string; clock: string; words: string; own: boolean | null };

/** The texts of a row by what they are. */
type RowTexts = { line: string; from: string; clock: string; words: string };

const OWN_COLOUR = /color:\s*#42B475/i;
const COLOUR = /(?:^|;)\s*color:\s*#[0-9A-F]{6}/i;
const INDENTED = /padding-left:\s*20px/i;

/** The rows of the table as its text comes in, piece by piece. */
export class MhtRows {
  #rows: MhtRow[] = [];
  #parser: Parser;
  #texts: RowTexts = { line: "", from: "", clock: "", words: "" };
  /** Which text the divs that are open at the moment belong to, outermost first. */
  #open: (keyof RowTexts)[] = [];
  #own: boolean | null = null;

  constructor() {
    this.#parser = new Parser({
      onopentag: (name, { style = "" }) => this.#enter(name, style),
      onclosetag: (name) => {
        if (name === "div") this.#open.pop();
        else if (name === "tr") this.#endRow();
      },
      ontext: (text) => {
        this.#texts[this.#open.at(-1) ?? "line"] += text.replaceAll(/[\r\n]+/g, "");
      },
    });
  }

  /** The rows that end within the next piece of text. */
  write(text: string): MhtRow[] {
    this.#parser.write(text);
    return this.#taken();
  }

  /** A row that a cut through the file left open. */
  end(): MhtRow[] {
    this.#parser.end();
    this.#endRow();
    return this.#taken();
  }

  #enter(name: string, style: string): void {
    const around = this.#open.at(-1);
    if (name === "tr") this.#endRow();
    else if (name === "br" && around === "words") this.#texts.words += "\n";
    else if (name === "img" && around === "words") this.#texts.words += "[图片]";
    else if (name === "div") {
      if (around === "clock" || around === "from") this.#open.push("from");
      else if (around === "words" || INDENTED.test(style)) {
        this.#open.push("words");
        if (this.#texts.words !== "") this.#texts.words += "\n";
      } else if (COLOUR.test(style)) {
        this.#open.push("clock");
        this.#own = OWN_COLOUR.test(style) ? true : /color:\s*#006EFE/i.test(style) ? false : null;
      } else this.#open.push("line");
    }
  }

  #endRow(): void {
    const { line, from, clock, words } = this.#texts;
    if (clock !== "")
      this.#rows.push({
        kind: "message",
        from: plain(from),
        clock: plain(clock),
        words: plain(words),
        own: this.#own,
      });
    else if (line.trim() !== "") this.#rows.push({ kind: "line", text: plain(line) });
    this.#texts = { line: "", from: "", clock: "", words: "" };
    this.#open = [];
  }

  #taken(): MhtRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}

/** Text without what only HTML needs; QQ writes `&get;` for a greater-than sign. */
function plain(text: string): string {
  return text.replaceAll("&get;", ">").replaceAll("\u00A0", " ").trim();
}
