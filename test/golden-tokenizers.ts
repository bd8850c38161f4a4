import { readFile } from "node:fs/promises";
import {
  parseTokenizerConfig,
  parseTokenizerJson,
  type TokenizerConfig,
  type TokenizerJson,
} from "../src/formats/tokenizer/tokenizer-json.js";

/** Families whose real vocabularies, cut down to a corpus, are in `test/golden/tokenizer`. */
export const GOLDEN_FAMILIES = ["qwen2", "qwen3", "deepseek", "smollm"] as const;
export type GoldenFamily = (typeof GOLDEN_FAMILIES)[number];

/** Rows of the embeddings that go with the vocabularies. */
export const GOLDEN_ROWS: Readonly<Record<GoldenFamily, number>> = {
  qwen2: 151_936,
  qwen3: 151_936,
  deepseek: 151_936,
  smollm: 49_152,
};

/** A tokenizer, and the ids that Hugging Face's library gives for each text of the corpus. */
export type GoldenTokenizer = {
  tokenizer: TokenizerJson;
  config: TokenizerConfig;
  /** Nothing in a text read as special. */
  plain: number[][];
  /** Special tokens read, where that makes a difference; by the text's place. */
  special: Record<string, number[]>;
};

type Stored = {
  tokenizer: { model: object | "qwen2" };
  config: object;
  plain: number[][] | "qwen2";
  special: Record<string, number[]>;
};

const FOLDER = new URL("../../test/golden/tokenizer/", import.meta.url);

/** Reads what make-golden.py wrote for a family. */
export async function readGoldenTokenizer(family: GoldenFamily): Promise<GoldenTokenizer> {
  const stored = await read<Stored>(`${family}.json`);
  const { model } = stored.tokenizer;
  // The Qwen families share the vocabulary and differ in added tokens.
  const qwen2 = model === "qwen2" ? await read<Stored & { plain: number[][] }>("qwen2.json") : undefined;
  return {
    tokenizer: parseTokenizerJson(
      qwen2 ? { ...stored.tokenizer, model: qwen2.tokenizer.model } : stored.tokenizer,
      "test",
    ),
    config: parseTokenizerConfig(stored.config, "test"),
    plain: qwen2 ? qwen2.plain : (stored.plain as number[][]),
    special: stored.special,
  };
}

/** The corpus, as make-golden.py reads it; broken UTF-8 is decoded with replacements. */
export async function readGoldenTexts(): Promise<string[]> {
  const { bytes, ...groups } = await read<Record<string, string[]>>("corpus.json");
  const decoded = bytes!.map((hex) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("utf8"));
  return [...Object.values(groups).flat(), ...decoded];
}

async function read<Value>(name: string): Promise<Value> {
  return JSON.parse(await readFile(new URL(name, FOLDER), "utf8")) as Value;
}
