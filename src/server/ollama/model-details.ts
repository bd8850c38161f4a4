import type { ServedModel } from "../../serve/served-model.js";
import type { KnownFacts, ModelFacts } from "./model-facts.js";

/** A model's `details`, as three routes give them. */
export type ModelDetails = {
  parent_model: string;
  format: "gguf";
  family: string;
  families: string[];
  parameter_size: string;
  quantization_level: string;
};

/** As lists have them: without the parent. A model with a broken file is listed all the same, so that it can be removed. */
export async function detailsOf(known: KnownFacts, served: ServedModel): Promise<ModelDetails> {
  const facts = await known.of(served).catch(() => undefined);
  return details("", facts);
}

export function details(parent: string, facts: ModelFacts | undefined): ModelDetails {
  const family = facts?.architecture ?? "unknown";
  return {
    parent_model: parent,
    format: "gguf",
    family,
    families: [family],
    parameter_size: facts ? humanNumber(facts.parameters) : "",
    quantization_level: facts?.fileType ?? "unknown",
  };
}

/** A count as Ollama shows it: `1.5B`, `134.52M`, `820K`. */
export function humanNumber(count: number): string {
  const scaled = (unit: number, digits: number): string => {
    const number = count / unit;
    return number.toFixed(Number.isInteger(number) ? 0 : digits);
  };
  if (count >= 1e9) return `${scaled(1e9, 1)}B`;
  if (count >= 1e6) return `${scaled(1e6, 2)}M`;
  return count >= 1000 ? `${scaled(1000, 0)}K` : String(count);
}
