import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { lockProject } from "./lock.js";
import { type Artifact, artifactPath } from "./paths.js";
import { noteMade } from "./stale.js";
import { readState, writeState } from "./state.js";

/** What a model learnt, in the order in which it is made; it holds no words, but what they taught. */
const LEARNT: readonly Artifact[] = [
  "adapter",
  "trainReport",
  "model",
  "adapterGguf",
  "modelF16",
  "modelQ4",
  "quantizeReport",
];

/** What repeats words of chats, and is made again from what is left. */
const QUOTING: readonly Artifact[] = [
  "messageIndex",
  "dialogues",
  "ledger",
  "dialogueReport",
  "augmented",
  "augmentReport",
  "comparison",
  "comparisonPage",
];

/** What else may repeat them: unfinished work of stages, what a language model was asked, and names in the logs' errors and settings. */
const OTHERS = [
  "import.spool",
  "augment.journal.jsonl",
  "augment.batches.json",
  "checkpoints",
  "train-log.jsonl",
  "llamafactory",
  "adapter-sft",
  "compare.replies",
  "logs",
];

/**
 * Removes everything in a project that repeats words of its chats, except the messages themselves, and marks what was
 * learnt from them as stale, until it is made again.
 *
 * @returns the names of the artifacts that are stale now
 * @throws {Unavailable} another process is at work in the project
 */
export async function dropQuotes(project: string): Promise<string[]> {
  const unlock = await lockProject(project);
  try {
    const names = await readdir(project);
    const stale = LEARNT.map((artifact) => basename(artifactPath(project, artifact))).filter((name) =>
      names.includes(name),
    );
    const state = await readState(project);
    noteMade(state, stale, true);
    // Paths of files may hold names.
    state.digests = {};
    // First, so that nothing that goes on from here takes an old model for a new one.
    await writeState(project, state);
    const quoting = [...QUOTING.map((artifact) => basename(artifactPath(project, artifact))), ...OTHERS];
    // With what a killed process left under a temporary name, and what SQLite puts beside an index.
    const gone = names.filter((name) => quoting.some((one) => name === one || isBeside(name, one)));
    for (const name of gone) await rm(join(project, name), { recursive: true, force: true });
    return stale;
  } finally {
    await unlock();
  }
}

function isBeside(name: string, artifact: string): boolean {
  return name.startsWith(`${artifact}-`) || (name.startsWith(`${artifact}.`) && name.endsWith(".partial"));
}
