import { parseJson } from "../../files.js";
import type { ChatFile, Found } from "../sources/source.js";
import { readLines } from "./lines.js";
import { readText } from "./text.js";

/** A value within a JSON document: where it is, such as `["messages", 12]`, and what. */
export type JsonValue = { kind: "value"; path: (string | number)[]; value: unknown };

/** What goes wrong or is worth knowing while reading. */
export type Remark = Extract<Found, { kind: "problem" | "note" }>;

/**
 * The parts of a JSON document one by one, so that no list of messages has to fit into memory.
 *
 * A pattern is a path with `*` for any key or index. The walk goes down into everything that a pattern leads through
 * and gives each value that a pattern names whole; so it does with everything beside the way, such as a chat's name
 * before its messages. With `["chats.list.*.messages.*"]` a Telegram export gives `["about"]`, `["chats", "list", 0, "name"]`,
 * `["chats", "list", 0, "messages", 0]` and so on, in the order of the file.
 *
 * A value that is not JSON is a problem with its place; the walk goes on behind it where that can be found.
 */
export async function* readJsonValues(
  file: ChatFile,
  patterns: readonly string[],
): AsyncIterable<JsonValue | Remark> {
  let text = "";
  for await (const piece of readText(file)) {
    if (piece.kind === "text") text += piece.text;
    else yield piece;
  }
  const split = patterns.map((pattern) => pattern.split("."));
  yield* walk(parseJson(text, "import", file.label), [], split);
}

function* walk(
  value: unknown,
  path: (string | number)[],
  patterns: readonly string[][],
): Iterable<JsonValue> {
  const inside = patterns.filter(
    (pattern) =>
      pattern.length > path.length &&
      path.every((key, at) => pattern[at] === "*" || pattern[at] === String(key)),
  );
  if (inside.length === 0 || typeof value !== "object" || value === null) {
    yield { kind: "value", path, value };
    return;
  }
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  for (const [key, inner] of entries) yield* walk(inner, [...path, key], inside);
}

/** The values of a file with one JSON value a line; empty lines and `#` comments are passed over. */
export async function* readJsonLineValues(file: ChatFile): AsyncIterable<JsonValue | Remark> {
  for await (const line of readLines(file)) {
    if (line.kind !== "line") yield line;
    else if (line.text.trim() !== "" && !line.text.startsWith("#")) {
      let value: unknown;
      try {
        value = parseJson(line.text, "import", file.label);
      } catch {
        yield { kind: "problem", place: `line ${line.number}`, what: "not JSON" };
        continue;
      }
      yield { kind: "value", path: [line.number], value };
    }
  }
}
