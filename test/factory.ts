import { mkdir } from "node:fs/promises";
import type { Dialogue, Turn } from "../src/dialogue/dialogue.js";
import { factoryFile } from "../src/engines/llama-factory/environment.js";
import { setupEnvironment } from "../src/engines/llama-factory/setup.js";
import { writeJsonLines } from "../src/files.js";
import { packageRoot } from "../src/project/paths.js";
import { createRandom } from "../src/random.js";
import { testCache } from "./test-cache.js";

const WORDS = "tea rain late home bus noodles ok haha tomorrow again quiet window milk run song blue".split(
  " ",
);

/** Where tests find LLaMA-Factory: what is set, or an environment of their own that is kept between runs. */
export async function factoryForTests() {
  const home = testCache();
  await mkdir(home, { recursive: true });
  // So that two trainings side by side do not wait for each other's threads.
  const env = { ...process.env, OMP_NUM_THREADS: "2", CUDA_VISIBLE_DEVICES: "" };
  const plug = factoryFile(packageRoot, "plug.py");
  const requirements = factoryFile(packageRoot, "requirements.txt");
  const { environment } = await setupEnvironment(
    { plug, requirements, home },
    { device: "auto", fresh: false },
    env,
    {},
  );
  return { environment, plug, home, env };
}

/** Dialogues of invented words, each of `exchanges` replies, every eighth held out; the same for the same seed. */
export function inventDialogues(count: number, exchanges: number, seed: string): Dialogue[] {
  const random = createRandom(seed);
  const say = () =>
    Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => WORDS[Math.floor(random() * WORDS.length)]!,
    ).join(" ");
  return Array.from({ length: count }, (_, at) => ({
    id: `d${at}`,
    contact: "c",
    time: null,
    split: at % 8 === 7 ? "heldout" : "train",
    system: at % 3 === 0 ? null : "You are Remy. You text short.",
    turns: Array.from({ length: 2 * exchanges }, (__, turn): Turn => {
      const role = turn % 2 === 0 ? "user" : "assistant";
      return { role, text: say(), origin: "real", weight: role === "assistant" ? 1 : 0 };
    }),
  }));
}

/** Writes dialogues as the dialogue stage does. */
export async function writeDialogues(path: string, dialogues: readonly Dialogue[]): Promise<string> {
  await writeJsonLines(path, "test", dialogues);
  return path;
}
