import { readFile } from "node:fs/promises";
import { parseJson } from "../../files.js";
import type { Run } from "../../progress.js";

const EVERY_MS = 500;

/** A line of LLaMA-Factory's `trainer_log.jsonl`; times are "H:MM:SS". */
type TrainerLogLine = {
  current_steps: number;
  total_steps: number;
  loss?: number;
  eval_loss?: number;
  remaining_time?: string;
  throughput?: number;
};

/**
 * Reports progress from `trainer_log.jsonl` as it grows.
 *
 * @returns what ends it
 */
export function followLog(path: string, run: Run): () => void {
  let shown = 0;
  const look = async (): Promise<void> => {
    const text = await readFile(path, "utf8").catch(() => "");
    // What follows the last line's end is still being written.
    const lines = text.split("\n").slice(0, -1);
    if (lines.length === shown) return;
    shown = lines.length;
    const found = lines.map((line) => parseJson(line, "train", "trainer_log.jsonl") as TrainerLogLine);
    run.onProgress?.(describeProgress(found));
  };
  const timer = setInterval(() => void look().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
}

/** The newest state of a training as its log has it: steps, losses, tokens per second, what remains. */
export function describeProgress(lines: readonly TrainerLogLine[]): {
  stage: string;
  done: number;
  total: number;
  unit: string;
  note: string;
} {
  const newest = lines.at(-1)!;
  const loss = lines.findLast((line) => line.loss !== undefined)?.loss;
  const heldOut = lines.findLast((line) => line.eval_loss !== undefined)?.eval_loss;
  const note = [
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(heldOut === undefined ? [] : [`held-out ${heldOut.toFixed(3)}`]),
    ...(newest.throughput === undefined ? [] : [`${Math.round(newest.throughput)} tokens/s`]),
    ...(newest.remaining_time === undefined ? [] : [`${newest.remaining_time} left`]),
  ].join(", ");
  return { stage: "train", done: newest.current_steps, total: newest.total_steps, unit: "steps", note };
}
