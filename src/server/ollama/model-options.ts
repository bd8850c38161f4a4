import type { Parameters } from "../../serve/served-model.js";
import { HttpError } from "../http-error.js";

type OptionType = "integer" | "float32" | "boolean" | "array";

/**
 * The options that Ollama knows, with their types by the names that its errors give them. Those that say how memory or
 * processors are used are checked and have no effect here, and so have samplers that newer versions left out.
 *
 * @source Ollama 0.6.5, API types; names of newer versions among them
 */
const OPTION_TYPES: Readonly<Record<string, OptionType>> = {
  num_ctx: "integer",
  num_predict: "integer",
  seed: "integer",
  temperature: "float32",
  top_k: "integer",
  top_p: "float32",
  min_p: "float32",
  repeat_last_n: "integer",
  repeat_penalty: "float32",
  presence_penalty: "float32",
  frequency_penalty: "float32",
  stop: "array",
  num_keep: "integer",
  typical_p: "float32",
  mirostat: "integer",
  mirostat_tau: "float32",
  mirostat_eta: "float32",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  num_thread: "integer",
  low_vram: "boolean",
  f16_kv: "boolean",
  logits_all: "boolean",
  vocab_only: "boolean",
  use_mmap: "boolean",
  use_mlock: "boolean",
};

/**
 * Options as a client sends them, checked: unknown ones and nulls are left out, whole numbers are cut from fractions.
 * Truths are left out too, as no option of that type has an effect.
 *
 * @throws {HttpError} 400: one has another type
 */
export function checkOptions(options: Readonly<Record<string, unknown>>): Parameters {
  const checked: Record<string, number | readonly string[]> = {};
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(OPTION_TYPES, name) ? OPTION_TYPES[name] : undefined;
    if (type === undefined || value === null) continue;
    const fits =
      type === "array" ? Array.isArray(value) : typeof value === (type === "boolean" ? type : "number");
    if (!fits) throw new HttpError(400, `option "${name}" must be of type ${type}`);
    if (type === "integer") checked[name] = Math.trunc(value as number);
    if (type === "float32") checked[name] = value as number;
    if (type !== "array") continue;
    const texts = value as unknown[];
    if (!texts.every((text) => typeof text === "string")) {
      throw new HttpError(400, `option "${name}" must be of an array of strings`);
    }
    checked[name] = texts;
  }
  return checked;
}
