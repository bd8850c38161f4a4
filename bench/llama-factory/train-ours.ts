import { readFile } from "node:fs/promises";
import { createTrainer } from "../../src/engines/onnxruntime/trainer.js";
import type { TrainSettings } from "../../src/train/settings.js";
import { train } from "../../src/train/train.js";

// One training by our trainer, in a process of its own; the argument is a file of what it needs.

const { paths, settings } = JSON.parse(await readFile(process.argv[2]!, "utf8")) as {
  paths: { base: string; dialogues: string; out: string };
  settings: TrainSettings;
};
await train(paths, settings, createTrainer());
