import type { ChatFile, Found } from "../sources/source.js";
import { readText } from "./text.js";

/** A line without its end, and its number from 1. */
export type Line = { kind: "line"; text: string; number: number };

/** A file's lines; CRLF, LF and CR end one. */
export async function* readLines(file: ChatFile): AsyncIterable<Line | Extract<Found, { kind: "note" }>> {
  let rest = "";
  let number = 0;
  for await (const piece of readText(file)) {
    if (piece.kind === "note") yield piece;
    else {
      const lines = (rest + piece.text).split(/\r\n|\n|\r/);
      rest = lines.pop()!;
      for (const text of lines) yield { kind: "line", text, number: (number += 1) };
    }
  }
  if (rest !== "") yield { kind: "line", text: rest, number: number + 1 };
}
