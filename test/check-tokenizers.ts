import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJsonLines } from "../src/files.js";
import { createTokenizer, readTokenizerFiles, type Tokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { type LlamaVocabulary, openLlamaVocabulary } from "./llama-vocabulary.js";

// Compares our tokenizer and llama.cpp on our GGUF with Hugging Face's tokenizers, on the whole vocabularies:
//   python test/golden/tokenizer/make-golden.py VOCABULARIES OUT.jsonl
//   node dist/test/check-tokenizers.js VOCABULARIES OUT.jsonl

const [vocabularies, path] = process.argv.slice(2) as [string, string];
const SHOWN = 12;

type Line = { family: string; text: string; plain: number[]; special: number[] };
type Opened = { ours: Tokenizer; llama: LlamaVocabulary };

const folder = await mkdtemp(join(tmpdir(), "kouwen-tokenizers-"));
const opened = new Map<string, Opened>();
const counts = new Map<
  string,
  { texts: number; notNfc: number; ours: number; llama: number; special: number }
>();
let shown = 0;
for await (const { family, text, plain, special } of readJsonLines<Line>(path, "check")) {
  const { ours, llama } = opened.get(family) ?? (await open(family));
  const count = counts.get(family) ?? { texts: 0, notNfc: 0, ours: 0, llama: 0, special: 0 };
  counts.set(family, count);
  // llama.cpp does not normalize.
  const normal = family === "smollm" ? text : text.normalize("NFC");
  count.texts += 1;
  count.notNfc += normal === text ? 0 : 1;
  count.ours += differs("ours", family, text, ours.encode(text), plain);
  count.special += differs("llama.cpp, special read", family, text, llama.tokenize(normal, true), special);
  const typed = /<\/?(think|tool_|\|)|<｜/.test(text);
  if (!typed) count.llama += differs("llama.cpp", family, text, llama.tokenize(normal, false), plain);
}
for (const [family, count] of counts) {
  console.log(
    `${family}: ${count.texts} texts (${count.notNfc} not in NFC); different from Hugging Face: ours ${count.ours}, ` +
      `llama.cpp ${count.llama}, llama.cpp with special tokens ${count.special}`,
  );
}
for (const { llama } of opened.values()) llama.close();
await rm(folder, { recursive: true });

async function open(family: string): Promise<Opened> {
  const files = await readTokenizerFiles(join(vocabularies, family), "check");
  const ours = createTokenizer(files.tokenizer, files.config, "check");
  const rows = family === "smollm" ? ours.vocabularySize : 151_936;
  const both = { ours, llama: await openLlamaVocabulary(files, rows, folder) };
  opened.set(family, both);
  return both;
}

function differs(who: string, family: string, text: string, ids: number[], expected: number[]): 0 | 1 {
  if (ids.join() === expected.join()) return 0;
  if (shown < SHOWN) {
    console.log(`${who}, ${family}: ${JSON.stringify(text)}\n  ${ids.join(" ")}\n  ${expected.join(" ")}`);
    shown += 1;
  }
  return 1;
}
