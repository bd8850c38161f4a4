import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Written last of all into a checkpoint, and what a training goes on with; without them it is half of one. */
const NEEDED = ["trainer_state.json", "optimizer.pt", "scheduler.pt", "adapter_model.safetensors"];

/**
 * The step of the newest whole checkpoint in LLaMA-Factory's output folder; 0 where there is none.
 *
 * @source transformers 5.6, `Trainer._save_checkpoint`: the weights first, `trainer_state.json` last
 */
export async function newestCheckpoint(output: string): Promise<number> {
  const names = await readdir(output).catch(() => []);
  const steps = names.flatMap((name) => {
    const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
    const isWhole = NEEDED.every((file) => existsSync(join(output, name, file)));
    return step !== undefined && isWhole ? [Number(step)] : [];
  });
  return Math.max(0, ...steps);
}
