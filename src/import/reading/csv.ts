import Papa from "papaparse";
import type { ChatFile, Found } from "../sources/source.js";
import { readText } from "./text.js";

/** A row of a table: its cells, and its number from 1, the header's being 1. */
export type Row = { kind: "row"; cells: string[]; number: number };

/** The rows of a file of comma-separated values (RFC 4180), the header first; empty ones are left out. */
export async function* readCsv(
  file: ChatFile,
): AsyncIterable<Row | Extract<Found, { kind: "problem" | "note" }>> {
  let text = "";
  for await (const piece of readText(file)) {
    if (piece.kind === "text") text += piece.text;
    else yield piece;
  }
  let number = 0;
  for (const cells of Papa.parse<string[]>(text, { skipEmptyLines: true, delimiter: "," }).data) {
    yield { kind: "row", cells, number: (number += 1) };
  }
}
