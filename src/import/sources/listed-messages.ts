import { readJsonValues } from "../reading/json.js";
import type { Run } from "../../progress.js";
import { type Fields, isFields } from "./fields.js";
import type { ChatFile, Draft, Found } from "./source.js";

/**
 * The messages of a JSON document that lists them as objects, in its order.
 *
 * @param list the key under which they are; null where the whole document is the list
 * @param draft makes a message of an object, or says as a phrase what is wrong with it
 */
export async function* readListedMessages(
  file: ChatFile,
  list: string | null,
  draft: (fields: Fields) => Draft | string,
  run: Run,
): AsyncIterable<Found> {
  const depth = list === null ? 0 : 1;
  for await (const found of readJsonValues(file, [list === null ? "*" : `${list}.*`])) {
    run.signal?.throwIfAborted();
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const { path, value } = found;
    if (path.length !== depth + 1 || (list !== null && path[0] !== list)) continue;
    const place = `message ${Number(path[depth]) + 1}`;
    const message = isFields(value) ? draft(value) : "not an object";
    if (typeof message === "string") yield { kind: "problem", place, what: message };
    else yield { kind: "message", message };
  }
}
