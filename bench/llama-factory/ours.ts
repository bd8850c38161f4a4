import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readJsonLines } from "../../src/files.js";
import type { LogLine } from "../../src/train/checkpoint.js";
import type { TrainSettings } from "../../src/train/settings.js";
import { realTokens, type Data } from "./data.js";
import type { Training } from "./theirs.js";
import { runWatched } from "./watch.js";

/** Trains once in a process of its own. */
export async function trainOurs(
  paths: { base: string; out: string },
  data: Data,
  settings: TrainSettings,
): Promise<Training> {
  await mkdir(paths.out, { recursive: true });
  const file = join(paths.out, "arguments.json");
  const all = { base: paths.base, dialogues: data.dialogues, out: paths.out };
  await writeFile(file, JSON.stringify({ paths: all, settings }));
  const script = fileURLToPath(new URL("./train-ours.js", import.meta.url));
  const usage = await runWatched(process.execPath, [script, file], {});
  const stepSeconds: number[] = [];
  for await (const line of readJsonLines<LogLine>(join(paths.out, "train-log.jsonl"), "bench")) {
    if (!("loss" in line)) continue;
    const tokens = data.steps[stepSeconds.length]!.reduce((sum, sample) => sum + realTokens(sample), 0);
    stepSeconds.push(tokens / line.tokensPerSecond);
  }
  return { ...usage, stepSeconds, stepCpuSeconds: null, adapter: join(paths.out, "adapter") };
}
