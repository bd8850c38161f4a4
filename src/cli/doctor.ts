import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { SHAPES } from "../engines/hub/shapes.js";
import { readMachine } from "../engines/machine.js";
import { probeTrainer } from "../engines/onnxruntime/probe.js";
import { KouwenError } from "../errors.js";
import { kouwenHome } from "../project/paths.js";
import { projectsIn } from "../project/project-models.js";
import { sentBytes } from "../project/sent.js";
import { resolveSettings } from "../project/settings.js";
import { trainSettings, type Precision } from "../train/settings.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import type { Call, Command } from "./command.js";
import { factoryPlace, withEngines } from "./engines.js";

/** What "a training" means in the estimate: about what 500 dialogues hold. */
const TRAINING_TOKENS = 70_000;

/** What of a training decides how long it takes and how much memory it needs. */
const MEASURED = trainSettings.pick({
  precision: true,
  rank: true,
  targets: true,
  dropout: true,
  neftuneAlpha: true,
  epochs: true,
  memoryGib: true,
});

/** What the probe says of one model. */
type Estimate = { model: string } & (
  | { minutes: number; gib: number; tokensPerSecond: number; precision: Precision }
  | { refused: string }
);

/** `kouwen doctor`: what is here, and what it can train. */
export const doctor: Command = {
  name: "doctor",
  summary: "says what this machine has, and measures what it can train",
  usage: "[<model>…]",
  positionals: { min: 0, max: Object.keys(SHAPES).length },
  flags: flagsOf(MEASURED),
  examples: ["kouwen doctor", "kouwen doctor qwen2.5:1.5b --rank 8"],
  run: async ({ positionals, flags, io }) => {
    await mkdir(kouwenHome(), { recursive: true });
    const machine = await readMachine(kouwenHome());
    const gpu = await withEngines(async ({ host }) => (await host()).gpu);
    const rows: [string, string][] = [
      ["processor", machine.processor],
      ["cores", String(machine.cores)],
      ["memory", `${machine.memoryGib} GiB, ${machine.availableMemoryGib} GiB available`],
      ["disk", `${machine.diskFreeGib} GiB free for projects`],
      [
        "vectors",
        machine.vectors === null ? "not told by this system" : machine.vectors.join(", ") || "none we use",
      ],
      ["gpu", gpu === null ? "none that llama.cpp can use here; training does not need one" : gpu],
      ["node", process.version],
      ["trainer", await describeFactory()],
    ];
    const sent = await sentByProject();
    const estimates = await estimate(positionals.length > 0 ? positionals : Object.keys(SHAPES), flags, io);
    const text = [
      ...rows.map(([name, value]) => `${name.padEnd(11)}${value}`),
      ...sent.map(({ project, host, bytes }) => `${"sent".padEnd(11)}${project}: ${bytes} bytes to ${host}`),
      "",
      `training 500 dialogues (${TRAINING_TOKENS} tokens), measured on this machine just now:`,
      ...estimates.map((one) => `  ${one.model.padEnd(18)}${describe(one)}`),
    ];
    io.result({ machine: { ...machine, gpu }, sent, estimates }, text.join("\n"));
  },
};

/** Whether LLaMA-Factory can be used, in a line. */
async function describeFactory(): Promise<string> {
  const { findEnvironment } = await import("../engines/llama-factory/environment.js");
  const { plug, home, env } = factoryPlace();
  try {
    const { llamafactory, torch, transformers, gpus } = await findEnvironment(plug, home, env);
    const where = gpus > 0 ? `${gpus} CUDA GPUs` : "no CUDA GPU";
    return `embedded; LLaMA-Factory ${llamafactory} too: torch ${torch}, transformers ${transformers}, ${where}`;
  } catch (error) {
    if (!(error instanceof KouwenError)) throw error;
    return `embedded; ${error.message}`;
  }
}

/** What ever left the projects in `KOUWEN_HOME`. */
async function sentByProject(): Promise<{ project: string; host: string; bytes: number }[]> {
  const lines = [];
  for (const folder of await projectsIn(kouwenHome())) {
    for (const [host, bytes] of await sentBytes(folder)) {
      lines.push({ project: basename(folder), host, bytes });
    }
  }
  return lines;
}

async function estimate(
  models: readonly string[],
  flags: Record<string, unknown>,
  io: Call["io"],
): Promise<Estimate[]> {
  const { values: settings } = resolveSettings("doctor", trainSettings, {}, settingsAmong(flags, MEASURED));
  const estimates: Estimate[] = [];
  for (const [done, model] of models.entries()) {
    const shape = SHAPES[model];
    if (!shape) {
      estimates.push({ model, refused: `not one of ${Object.keys(SHAPES).join(", ")}` });
      continue;
    }
    io.onProgress?.({ stage: "doctor", done, total: models.length, unit: "models", note: model });
    try {
      const { tokensPerSecond, peakGib, precision } = await probeTrainer(shape, settings, io);
      const minutes = (settings.epochs * TRAINING_TOKENS) / tokensPerSecond / 60;
      estimates.push({ model, minutes, gib: peakGib, tokensPerSecond, precision });
    } catch (error) {
      if (!(error instanceof KouwenError)) throw error;
      estimates.push({ model, refused: error.message });
    }
  }
  return estimates;
}

function describe(one: Estimate): string {
  if ("refused" in one) return one.refused;
  const minutes = one.minutes < 10 ? one.minutes.toFixed(1) : one.minutes.toFixed(0);
  return `${minutes} minutes, ${one.gib.toFixed(1)} GiB (${one.tokensPerSecond.toFixed(0)} tokens/s, precision ${one.precision})`;
}
