import type { GgufMetadata } from "../../formats/gguf/metadata.js";
import { findTemplate } from "../../formats/template/chat-template.js";
import { goTemplate } from "../../serve/modelfile.js";

/** A model's chat template in Go's language, by the special tokens of its vocabulary; empty where we know none for it. */
export function templateText(metadata: GgufMetadata): string {
  const tokens = metadata.get("tokenizer.ggml.tokens")?.value;
  const known = new Set(Array.isArray(tokens) ? (tokens as readonly unknown[]) : []);
  const template = findTemplate((token) => known.has(token));
  return template ? goTemplate(template) : "";
}
