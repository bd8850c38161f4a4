import type { ModelPool } from "../serve/model-pool.js";
import { HttpError } from "./http-error.js";

/**
 * The grammar of the form that a reply is to have: `"json"`, or a JSON Schema. Undefined for none, as which Ollama takes
 * an empty text too.
 *
 * @throws {HttpError} 400: it is neither
 * @throws {Unsupported} the schema says what no grammar can keep
 */
export async function grammarOf(pool: ModelPool, format: unknown): Promise<string | undefined> {
  if (format === undefined || format === null || format === "") return undefined;
  if (format === "json") return pool.jsonGrammar();
  if (typeof format === "object" && !Array.isArray(format)) return pool.jsonGrammar(format);
  const shown = JSON.stringify(JSON.stringify(format).slice(0, 80));
  throw new HttpError(400, `invalid format: ${shown}; expected "json" or a valid JSON Schema object`);
}
