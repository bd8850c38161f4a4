import { type GgufFile, openGguf } from "../../formats/gguf/read.js";
import { elementCount } from "../../formats/plain.js";
import type { ServedModel } from "../../serve/served-model.js";
import { fileTypeName } from "./file-type-name.js";

/** What a GGUF's header says of a model that clients are told. */
export type ModelFacts = {
  architecture: string;
  parameters: number;
  /** Such as `Q4_K_M`. */
  fileType: string;
  /** Undefined where the file does not tell. */
  contextLength: number | undefined;
  embeddingLength: number | undefined;
  /** Whether its vocabulary has the tags of thinking aloud. */
  hasThinkTags: boolean;
};

/** Facts by path, with the digest that they are of. A header takes up to a tenth of a second to read. */
export class KnownFacts {
  readonly #known = new Map<string, { digest: string; facts: Promise<ModelFacts> }>();

  /**
   * The facts of a model, read once.
   *
   * @throws {KouwenError} its file is gone or broken
   */
  of({ gguf, digest }: ServedModel): Promise<ModelFacts> {
    const found = this.#known.get(gguf);
    if (found?.digest === digest) return found.facts;
    const facts = read(gguf);
    this.#known.set(gguf, { digest, facts });
    facts.catch(() => this.#known.delete(gguf));
    return facts;
  }
}

async function read(path: string): Promise<ModelFacts> {
  const file = await openGguf(path, "serve");
  await file.close();
  return factsOf(file);
}

/** The facts of an open file. */
export function factsOf({ metadata, tensors }: Pick<GgufFile, "metadata" | "tensors">): ModelFacts {
  const number = (key: string): number | undefined => {
    const value = metadata.get(key)?.value;
    return typeof value === "number" ? value : undefined;
  };
  const architecture = String(metadata.get("general.architecture")?.value ?? "unknown");
  const tokens = metadata.get("tokenizer.ggml.tokens")?.value;
  return {
    architecture,
    parameters: [...tensors.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0),
    fileType: fileTypeName(number("general.file_type")),
    contextLength: number(`${architecture}.context_length`),
    embeddingLength: number(`${architecture}.embedding_length`),
    hasThinkTags: Array.isArray(tokens) && tokens.includes("<think>"),
  };
}
