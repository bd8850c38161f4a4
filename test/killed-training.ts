import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { writeJson, writeJsonLines } from "../src/files.js";
import { packageRoot } from "../src/project/paths.js";
import { createRandom } from "../src/random.js";
import { kouwen, type Outcome } from "./kouwen.js";
import { writeTinyModel } from "./tiny-model.js";

const SETTINGS = {
  rank: 4,
  epochs: 1,
  batchReplies: 8,
  learningRate: 0.003,
  checkpointSteps: 2,
  dropout: 0.1,
};
const ANSWERS = ["nothing much", "okay see you", "haha no worries"];

/** Folders with a base and a project's dialogues, for trainings by the real program. */
export type TrainingGround = {
  home: string;
  /** Trains in a project of this name; with `killAt` the program is gone at that operation on its files. */
  train: (project: string, more?: { killAt?: number; list?: string; flags?: string[] }) => Promise<Outcome>;
  /** The bytes of the project's adapter. */
  adapter: (project: string) => Promise<Buffer>;
  /** Makes a project of so many dialogues, or gives one that is there its settings and dialogues back. */
  prepare: (project: string, dialogues?: number) => Promise<void>;
  close: () => Promise<void>;
};

/** Makes the folders. */
export async function trainingGround(): Promise<TrainingGround> {
  const home = await mkdtemp(join(tmpdir(), "kouwen-killed-"));
  const base = join(home, "base");
  await writeTinyModel(base, { architecture: "qwen2", tied: true, seed: "killed", layers: 1 });
  return {
    home,
    prepare: async (project, dialogues = 40) => {
      const folder = join(home, project);
      await mkdir(folder, { recursive: true });
      await writeJson(join(folder, "kouwen.json"), "test", {
        kouwen: 1,
        base,
        settings: { train: SETTINGS },
      });
      const all = Array.from({ length: dialogues }, (_, at): Dialogue => {
        return {
          id: String(at),
          contact: "June",
          time: at,
          split: at % 10 === 9 ? "heldout" : "train",
          system: null,
          turns: [0, 1].flatMap(() => [
            { role: "user", text: `question ${at % 3}`, origin: "real", weight: 0 },
            { role: "assistant", text: ANSWERS[at % 3]!, origin: "real", weight: 1 },
          ]),
        };
      });
      await writeJsonLines(join(folder, "dialogues.jsonl"), "test", all);
    },
    train: (project, { killAt = -1, list = "", flags = [] } = {}) =>
      kouwen(["train", "--project", project, ...flags], home, {
        preload: join(packageRoot, "dist/test/kill-at.js"),
        env: {
          KOUWEN_TEST_FOLDER: join(home, project),
          KOUWEN_TEST_KILL: String(killAt),
          KOUWEN_TEST_COUNT: list,
        },
      }),
    adapter: (project) => readFile(join(home, project, "adapter", "adapter_model.safetensors")),
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/**
 * Trains once undisturbed and once killed again and again, at random among everything that it does to its files: inside
 * a checkpoint, between two, in the log, at the adapter. Then the adapters must be the same.
 */
export async function killAgainAndAgain(seed: string, kills: number): Promise<void> {
  const ground = await trainingGround();
  try {
    await ground.prepare("whole");
    const list = join(ground.home, "operations.txt");
    const whole = await ground.train("whole", { list });
    assert.equal(whole.code, 0, whole.stderr);
    const operations = (await readFile(list, "utf8")).trim().split("\n").length;
    const expected = await ground.adapter("whole");

    const random = createRandom(seed);
    await ground.prepare("killed");
    let killed = 0;
    while (killed < kills) {
      // A quarter of the way on the average: several kills before it comes to its end.
      const killAt = Math.floor((random() * operations) / 2);
      const outcome = await ground.train("killed", { killAt });
      if (outcome.code === null) killed += 1;
      else {
        assert.equal(outcome.code, 0, `seed ${seed}, ${killAt}: ${outcome.stderr}`);
        await checkEnd(ground, expected, `seed ${seed}, kill ${killed}`);
        // On with the next from nothing.
        await rm(join(ground.home, "killed"), { recursive: true });
        await ground.prepare("killed");
      }
    }
    const last = await ground.train("killed");
    assert.equal(last.code, 0, `seed ${seed}: ${last.stderr}`);
    await checkEnd(ground, expected, `seed ${seed}, at the end`);
  } finally {
    await ground.close();
  }
}

async function checkEnd(ground: TrainingGround, expected: Buffer, when: string): Promise<void> {
  assert.ok(expected.equals(await ground.adapter("killed")), `${when}: another adapter`);
  const names = await readdir(join(ground.home, "killed"), { recursive: true });
  assert.deepEqual(
    names.filter((name) => name.includes(".partial")),
    [],
    when,
  );
}
