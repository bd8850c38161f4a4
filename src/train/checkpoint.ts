import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Unsupported } from "../errors.js";
import { readJson, writeFolder, writeJson } from "../files.js";
import { fromFloat32 } from "../formats/plain.js";
import { openSafetensors } from "../formats/safetensors/read.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import type { Sample } from "./sample.js";
import { trainSettings, type TrainSettings } from "./settings.js";
import type { AdapterState, Arithmetic } from "./trainer.js";

const STAGE = "train";
const ARRAYS = ["weights", "mean", "variance"] as const;

/** One line of `train-log.jsonl`: a step, or, with `heldOutLoss`, what was measured after it (0: before the first). */
export type LogLine =
  | {
      step: number;
      epoch: number;
      loss: number;
      learningRate: number;
      gradNorm: number;
      tokensPerSecond: number;
    }
  | { step: number; epoch: number; heldOutLoss: number };

/** What decides how a training goes on; a checkpoint is only used by a training in which all of it is the same. */
export type Identity = {
  settings: Omit<TrainSettings, "adapter" | "memoryGib" | "checkpointSteps" | "force">;
  /** Digests of what is trained on and of the base model. */
  data: string;
  base: string;
  /** Digest of the adapter that training started from; absent for a new one. */
  adapter?: string;
};

/** What a checkpoint says besides the arrays. */
export type CheckpointNote = {
  step: number;
  identity: Identity;
  arithmetic: Arithmetic;
  history: LogLine[];
  /** The step with the lowest held-out loss so far, 0 before the first. */
  bestStep: number;
  /** Whether training came to its end and the adapter is written; another training then starts anew. */
  finished: boolean;
};

/**
 * Writes a checkpoint into a folder of its own under `checkpoints`, then removes all but it and the best.
 * A folder has its name only when it is whole.
 */
export async function saveCheckpoint(
  checkpoints: string,
  state: AdapterState,
  note: Omit<CheckpointNote, "finished">,
): Promise<void> {
  const name = folderName(note.step);
  await writeFolder(join(checkpoints, name), STAGE, async (partial) => {
    await writeSafetensors(
      join(partial, "state.safetensors"),
      STAGE,
      ARRAYS.map((array) => ({ name: array, shape: [state[array].length], type: "F32" as const })),
      (tensor) => fromFloat32(state[tensor.name], "F32"),
    );
    await writeJson(join(partial, "note.json"), STAGE, { ...note, finished: false } satisfies CheckpointNote);
  });
  for (const other of await readdir(checkpoints)) {
    if (other !== name && other !== folderName(note.bestStep)) {
      await rm(join(checkpoints, other), { recursive: true, force: true });
    }
  }
}

/** Notes in the checkpoint of the last step that nothing is left to do, once the adapter is written. */
export async function finishCheckpoint(checkpoints: string, step: number): Promise<void> {
  const path = join(checkpoints, folderName(step), "note.json");
  const note = (await readJson(path, STAGE)) as CheckpointNote;
  await writeJson(path, STAGE, { ...note, finished: true } satisfies CheckpointNote);
}

/** The newest checkpoint's note; null where there is none. */
export async function findCheckpoint(checkpoints: string): Promise<CheckpointNote | null> {
  const names = await readdir(checkpoints).catch(() => []);
  const newest = names
    .filter((name) => /^step-\d+$/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) return null;
  return (await readJson(join(checkpoints, newest, "note.json"), STAGE)) as CheckpointNote;
}

/** The arrays of the checkpoint of a step. */
export async function readCheckpoint(checkpoints: string, step: number): Promise<AdapterState> {
  const source = await openSafetensors([join(checkpoints, folderName(step), "state.safetensors")], STAGE);
  try {
    const [weights, mean, variance] = await Promise.all(ARRAYS.map((name) => source.readFloat32(name)));
    return { weights: weights!, mean: mean!, variance: variance!, step };
  } finally {
    await source.close();
  }
}

/**
 * Whether a checkpoint is one of this training. One of another training that came to its end is not needed any more. A
 * setting that it does not name, because it is older than the setting, counts as the default.
 *
 * @throws {Unsupported} it is of another training that did not come to its end; names the first difference
 */
export function belongs({ identity, arithmetic, finished }: CheckpointNote, now: Identity): boolean {
  // Version 0.1.0 wrote none, and told bases apart by less.
  const isOld = (arithmetic as Arithmetic | undefined) === undefined;
  const difference = isOld ? "the program's version has changed" : firstDifference(identity, now);
  if (difference === undefined) return true;
  if (finished) return false;
  throw new Unsupported(
    `${STAGE} checkpoints: ${difference} since training stopped. Undo that to go on, or start afresh with --fresh.`,
    { stage: STAGE, path: "checkpoints" },
  );
}

function firstDifference(then: Identity, now: Identity): string | undefined {
  const before: Record<string, unknown> = { ...trainSettings.parse({}), ...then.settings };
  for (const [key, value] of Object.entries(now.settings)) {
    if (JSON.stringify(before[key]) !== JSON.stringify(value)) {
      return `${key} was changed from ${JSON.stringify(before[key])} to ${JSON.stringify(value)}`;
    }
  }
  if (then.data !== now.data) return "the dialogues have changed";
  if (then.base !== now.base) return "the base model has changed";
  return then.adapter === now.adapter ? undefined : "the adapter to start from has changed";
}

/** A digest of all that samples feed, 64 hex digits. */
export function digestSamples(...groups: (readonly Sample[])[]): string {
  const hash = createHash("sha256");
  for (const group of groups) {
    hash.update(`${group.length};`);
    for (const { ids, weights } of group) hash.update(`${ids.length};`).update(ids).update(weights);
  }
  return hash.digest("hex");
}

/** Ten digits, so that names sort by step. */
function folderName(step: number): string {
  return `step-${String(step).padStart(10, "0")}`;
}
