import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package, where personas and other shipped data lie. */
export const packageRoot: string = fileURLToPath(new URL("../../..", import.meta.url));

/** Where projects and the cache live: `KOUWEN_HOME`, or `.kouwen` in the user's folder. */
export function kouwenHome(): string {
  return resolve(process.env["KOUWEN_HOME"] || join(homedir(), ".kouwen"));
}

/** Where base models are kept between projects. */
export function cacheFolder(): string {
  return join(kouwenHome(), "cache");
}

/** What a project folder holds, by artifact; the same names in every project. */
export type Artifact = keyof typeof FILES;

const FILES = {
  messages: "messages.jsonl",
  /** Not made by any stage: `find` builds it when it is needed. */
  messageIndex: "messages.sqlite",
  importReport: "import.json",
  dialogues: "dialogues.jsonl",
  ledger: "ledger.jsonl",
  scores: "scores.jsonl",
  dialogueReport: "dialogue.json",
  augmented: "dialogues.augmented.jsonl",
  /** Grows with every request that leaves this machine. */
  sent: "sent.jsonl",
  augmentReport: "augment.json",
  adapter: "adapter",
  /** Not made by any stage: the adapter before votes refined it. */
  adapterSft: "adapter-sft",
  trainReport: "train.json",
  model: "model",
  adapterGguf: "adapter.gguf",
  modelF16: "model-f16.gguf",
  baseF16: "base-f16.gguf",
  modelQ4: "model-q4_k_m.gguf",
  baseQ4: "base-q4_k_m.gguf",
  quantizeReport: "quantize.json",
  comparison: "compare.json",
  comparisonPage: "compare.html",
} as const;

/** The path of an artifact in a project folder. */
export function artifactPath(project: string, artifact: Artifact): string {
  return join(project, FILES[artifact]);
}
