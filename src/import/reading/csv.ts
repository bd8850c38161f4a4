import type { ChatFile, Found } from "../sources/source.js";
import { oneByOne } from "./one-by-one.js";
import { CsvSplitter, type SplitRow } from "./split-csv.js";
import { readText } from "./text.js";

/** A row of a table: its cells, and its number from 1, the header's being 1. */
export type Row = { kind: "row"; cells: string[]; number: number };

type FoundRow = Row | Extract<Found, { kind: "problem" | "note" }>;

/**
 * The rows of a file of comma-separated values (RFC 4180), the header first; empty ones are left out.
 *
 * Where the header is separated by `;`, tabs or `|`, as Excel saves it in many countries, so is the table. A row
 * whose quotation marks are broken is a problem, and the rest is read.
 */
export function readCsv(file: ChatFile): AsyncIterable<FoundRow> {
  return oneByOne(readBatches(file));
}

async function* readBatches(file: ChatFile): AsyncIterable<FoundRow[]> {
  const splitter = new CsvSplitter();
  let number = 0;
  const numbered = (rows: SplitRow[]): FoundRow[] => {
    const batch: FoundRow[] = [];
    for (const row of rows) {
      if (!Array.isArray(row)) {
        number += 1;
        batch.push({ kind: "problem", place: `row ${number}`, what: row.broken });
      } else if (row.length > 1 || row[0] !== "") {
        number += 1;
        batch.push({ kind: "row", cells: row, number });
      }
    }
    return batch;
  };
  for await (const piece of readText(file)) {
    if (piece.kind === "text") yield numbered(splitter.push(piece.text));
    else yield [piece];
  }
  yield numbered(splitter.end());
}
