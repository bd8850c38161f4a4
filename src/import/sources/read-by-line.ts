import { readLines } from "../reading/lines.js";
import type { Run } from "../../progress.js";
import type { ChatFile, Found } from "./source.js";

/** What makes messages of lines, one after the other. */
export type LineReading = {
  line: (text: string, number: number) => Iterable<Found>;
  /** Called behind the last line. */
  end: () => Iterable<Found>;
};

/** What a text's lines give in the end. */
export async function* readByLine(file: ChatFile, reading: LineReading, run: Run): AsyncIterable<Found> {
  for await (const line of readLines(file)) {
    if (line.kind !== "line") yield line;
    else {
      run.signal?.throwIfAborted();
      yield* reading.line(line.text, line.number);
    }
  }
  yield* reading.end();
}
