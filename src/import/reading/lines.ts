import type { ChatFile, Found } from "../sources/source.js";
import { oneByOne } from "./one-by-one.js";
import { readText } from "./text.js";

/** A line without its end, and its number from 1. */
export type Line = { kind: "line"; text: string; number: number };

/** No message has as many characters: Telegram allows 4,096, WeChat 16,000 bytes. What is longer is another format. */
const MAX_CHARACTERS = 16 * 2 ** 20;

type FoundLine = Line | Extract<Found, { kind: "note" | "problem" }>;

/** A file's lines; CRLF, LF and CR end one. One that is too long is a problem, and the next is read. */
export function readLines(file: ChatFile): AsyncIterable<FoundLine> {
  return oneByOne(readBatches(file));
}

async function* readBatches(file: ChatFile): AsyncIterable<FoundLine[]> {
  let rest: string[] = [];
  let restLength = 0;
  let number = 0;
  const add = (text: string) => {
    restLength += text.length;
    if (restLength <= MAX_CHARACTERS) rest.push(text);
    else rest = [];
  };
  const close = (): FoundLine => {
    number += 1;
    const tooLong = restLength > MAX_CHARACTERS;
    const text = rest.length === 1 ? rest[0]! : rest.join("");
    rest = [];
    restLength = 0;
    if (!tooLong) return { kind: "line", text, number };
    return { kind: "problem", place: `line ${number}`, what: `longer than ${MAX_CHARACTERS} characters` };
  };
  let endsWithReturn = false;
  for await (const piece of readText(file)) {
    if (piece.kind === "note") {
      yield [piece];
      continue;
    }
    // A CR at the end of a piece has ended its line; an LF that follows belongs to it.
    const text = endsWithReturn && piece.text.startsWith("\n") ? piece.text.slice(1) : piece.text;
    endsWithReturn = piece.text.endsWith("\r");
    const lines = text.includes("\r") ? text.split(/\r\n?|\n/) : text.split("\n");
    const batch: FoundLine[] = [];
    for (let at = 0; at < lines.length - 1; at += 1) {
      add(lines[at]!);
      batch.push(close());
    }
    const last = lines.at(-1)!;
    if (last !== "") add(last);
    yield batch;
  }
  if (restLength > 0) yield [close()];
}
