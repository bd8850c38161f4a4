import type { ChatFile, Found } from "../sources/source.js";
import { readLines } from "./lines.js";
import { oneByOne } from "./one-by-one.js";
import { parseLine } from "./parse-value.js";
import type { JsonPath } from "./path-patterns.js";
import { JsonSplitter, type SplitValue } from "./split-json.js";
import { readText } from "./text.js";

/** A value within a JSON document: where it is, such as `["messages", 12]`, and what. */
export type JsonValue = { kind: "value"; path: JsonPath; value: unknown };

/** What goes wrong or is worth knowing while reading. */
export type Remark = Extract<Found, { kind: "problem" | "note" }>;

/**
 * The parts of a JSON document one by one, so that no list of messages has to fit into memory.
 *
 * A pattern is a path with `*` for any key or index. The walk goes down into everything that a pattern leads through
 * and gives each value that a pattern names whole; so it does with everything beside the way, such as a chat's name
 * before its messages. With `["chats.list.*.messages.*"]` a Telegram export gives `["about"]`, `["chats", "list", 0, "name"]`,
 * `["chats", "list", 0, "messages", 0]` and so on, in the order of the file. A key that stands twice is given twice.
 *
 * Whole numbers from 2^53 on come out as texts, so that ids keep all their digits; control characters written as
 * `\x1F` are read as meant.
 *
 * A value that is not JSON, or over 64 Mi characters long, is a problem with its place; the walk goes on behind it
 * where that can be found. Of a file that is cut off everything that is whole is given, and one problem.
 */
export function readJsonValues(
  file: ChatFile,
  patterns: readonly string[],
): AsyncIterable<JsonValue | Remark> {
  return oneByOne(readBatches(file, patterns));
}

async function* readBatches(
  file: ChatFile,
  patterns: readonly string[],
): AsyncIterable<(JsonValue | Remark)[]> {
  const splitter = new JsonSplitter(patterns);
  const named = new Set(patterns.flatMap((pattern) => pattern.split(".")));
  let length = 0;
  for await (const piece of readText(file)) {
    if (piece.kind === "note") yield [piece];
    else if (!splitter.stopped) {
      length += piece.text.length;
      yield splitter.push(piece.text).map((one) => found(one, named));
      if (splitter.stopped) return;
    }
  }
  yield splitter.end().map((one) => found(one, named, length));
}

/** @param length of the whole document, where it is known */
function found(one: SplitValue, named: Named, length?: number): JsonValue | Remark {
  if (!("broken" in one)) return { kind: "value", path: one.path, value: one.value };
  const character = `character ${one.at}${length === undefined ? "" : ` of ${length}`}`;
  const place = one.path.length === 0 ? character : `${placeOf(one.path, named)}, ${character}`;
  return { kind: "problem", place, what: one.broken };
}

/** The keys that patterns name; others are the file's own words, and are not shown. */
type Named = ReadonlySet<string>;

/** `["messages", 12]` → `messages 13`, `[12]` → `element 13`. */
function placeOf(path: JsonPath, named: Named): string {
  const words = path.map((key, index) => {
    if (typeof key === "number") return index === 0 ? `element ${key + 1}` : ` ${key + 1}`;
    const shown = named.has(key) ? key : "(another field)";
    return index === 0 ? shown : `.${shown}`;
  });
  return words.join("");
}

/** The values of a file with one JSON value a line; empty lines and `#` comments are passed over. */
export async function* readJsonLineValues(file: ChatFile): AsyncIterable<JsonValue | Remark> {
  for await (const line of readLines(file)) {
    if (line.kind !== "line") yield line;
    else if (line.text.trim() !== "" && !line.text.startsWith("#")) {
      const parsed = parseLine(line.text);
      if (parsed) yield { kind: "value", path: [line.number], value: parsed.value };
      else yield { kind: "problem", place: `line ${line.number}`, what: "not JSON" };
    }
  }
}
