import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readModelConfig } from "../src/formats/model-config.js";
import { merge } from "../src/merge/merge.js";
import { PRECISIONS, learningRateOf, trainSettings, type TrainSettings } from "../src/train/settings.js";
import { readSamples } from "../src/train/read-samples.js";
import { realTokens, writeData, type Data } from "./llama-factory/data.js";
import { trainOurs } from "./llama-factory/ours.js";
import { nameOf, trainTheirs, type Training, type Variant } from "./llama-factory/theirs.js";

// The same training by LLaMA-Factory 0.9.5 and by our trainer: how fast, how large, how good. Linux only.
//   node dist/bench/llama-factory.js <its python> <base folder> <dialogues.jsonl> [<steps>] [<rounds>] [<screened steps>]
// Same base, dialogues, order, first adapter and settings; no warm-up, as the two count its steps differently. First
// LLaMA-Factory's variants are tried on a few steps (0: none, and four dialogues go through together), then its best
// in each precision and all of ours train on `steps` steps of 16 replies (0: all there are). On a shared machine no
// run has the cores to itself: runs take turns, and of each step the fastest of the rounds counts, the first left out.

const [python, base, dialogues, steps = "0", rounds = "1", screenedSteps = "8"] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
  string?,
  string?,
];
/** Threads of either trainer. */
const CORES = 2;

/** Tried with four dialogues a step, as ours takes them, except where more go through the model together. */
const SCREENED: readonly Variant[] = (["bf16", "fp32"] as const).flatMap((precision) => [
  { precision, perDevice: 4 },
  { precision, perDevice: 4, spinning: true },
  { precision, perDevice: 1 },
  { precision, perDevice: 4, checkpointing: true },
  { precision, perDevice: 4, avx2: true },
  { precision, perDevice: 1, packing: "neat_packing" },
  { precision, perDevice: 1, packing: "packing" },
  { precision, perDevice: 8 },
  { precision, perDevice: 16 },
  { precision, perDevice: 16, groupByLength: true },
]);

/** The training that both do, with so many replies a step. */
async function settingsFor(batchReplies: number): Promise<TrainSettings> {
  const settings = trainSettings.parse({ epochs: 1, warmupRatio: 0, batchReplies, patience: 0 });
  return { ...settings, learningRate: learningRateOf(settings, await readModelConfig(base, "bench")) };
}

/** Real tokens a second, without the first step. */
function speedOf(
  data: Data,
  { packing, groupByLength }: Partial<Variant>,
  stepSeconds: readonly number[],
): number {
  const tokens = data.steps.map((samples) => samples.reduce((sum, sample) => sum + realTokens(sample), 0));
  const total = tokens.reduce((sum, count) => sum + count, 0);
  const seconds = stepSeconds.slice(1).reduce((sum, value) => sum + value, 0);
  // Where LLaMA-Factory makes up the steps, the first is taken for an average one.
  const first = packing || groupByLength ? total / stepSeconds.length : tokens[0]!;
  return (total - first) / seconds;
}

/**
 * What two cores of our own would do, from the processor time: too low, as neighbours empty the caches, and too high,
 * as threads wait for each other.
 */
function idealSpeed(data: Data, variant: Partial<Variant>, { stepCpuSeconds }: Training): number | null {
  return (
    stepCpuSeconds &&
    speedOf(
      data,
      variant,
      stepCpuSeconds.map((seconds) => seconds / CORES),
    )
  );
}

/** Each step's fastest, the highest memory, the quietest moment. */
function bestOf(a: Training | undefined, b: Training): Training {
  if (!a) return b;
  return {
    ...b,
    stepSeconds: fastest(a.stepSeconds, b.stepSeconds),
    stepCpuSeconds: a.stepCpuSeconds && b.stepCpuSeconds && fastest(a.stepCpuSeconds, b.stepCpuSeconds),
    seconds: Math.min(a.seconds, b.seconds),
    peakGib: Math.max(a.peakGib, b.peakGib),
    othersShare: Math.min(a.othersShare, b.othersShare),
  };
}

function fastest(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, step) => Math.min(value, b[step]!));
}

/** Tries variants on a few steps each; the fastest of each precision among those that do what ours does. */
async function screen(folder: string): Promise<Variant[]> {
  const best: Partial<Record<Variant["precision"], { variant: Variant; speed: number }>> = {};
  for (const variant of SCREENED) {
    const together = variant.perDevice > 4 || variant.packing !== undefined;
    const settings = await settingsFor(together ? 64 : 16);
    const data = await writeData(
      { base, dialogues, out: join(folder, "data") },
      settings,
      Number(screenedSteps),
    );
    const training = await trainTheirs({ python, base, out: folder }, data, settings, variant);
    const speed = speedOf(data, variant, training.stepSeconds);
    printRow(`LLaMA-Factory ${nameOf(variant)}`, speed, idealSpeed(data, variant, training), training);
    if (together || variant.avx2) continue;
    if (speed > (best[variant.precision]?.speed ?? 0)) best[variant.precision] = { variant, speed };
  }
  return Object.values(best).map(({ variant }) => variant);
}

/** The long training by both, in turns. */
async function compare(folder: string, variants: readonly Variant[]): Promise<void> {
  const settings = await settingsFor(16);
  const data = await writeData({ base, dialogues, out: join(folder, "data") }, settings, Number(steps));
  const rows: { name: string; ours: boolean; train: (out: string) => Promise<Training>; best?: Training }[] =
    [
      ...variants.map((variant) => ({
        name: `LLaMA-Factory ${nameOf(variant)}`,
        ours: false,
        train: (out: string) => trainTheirs({ python, base, out }, data, settings, variant),
      })),
      ...PRECISIONS.map((precision) => ({
        name: `ours, ${precision}`,
        ours: true,
        train: (out: string) => trainOurs({ base, out }, data, { ...settings, precision }),
      })),
    ];
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const [index, row] of rows.entries()) {
      const out = join(folder, `run-${index}`);
      await rm(out, { recursive: true, force: true });
      row.best = bestOf(row.best, await row.train(out));
    }
  }
  const models: string[] = [];
  for (const [index, { best }] of rows.entries()) {
    const model = join(folder, `model-${index}`);
    await merge({ base, adapter: best!.adapter, model });
    models.push(model);
  }
  const losses = await heldOutLosses(folder, settings, [base, ...models]);
  const speeds = rows.map(({ best }) => speedOf(data, {}, best!.stepSeconds));
  const theirs = Math.max(...speeds.filter((_, index) => !rows[index]!.ours));
  console.log(
    `\n${data.steps.length} steps of 4 dialogues with 4 replies each; held-out loss from ${losses[0]!.toFixed(4)}`,
  );
  rows.forEach(({ name, best }, index) => {
    const speed = speeds[index]!;
    printRow(
      name,
      speed,
      idealSpeed(data, {}, best!),
      best!,
      `${(speed / theirs).toFixed(2)} times, held-out loss ${losses[index + 1]!.toFixed(4)}`,
    );
  });
}

/** The losses of models in nats per token, by one script for all. */
async function heldOutLosses(folder: string, settings: TrainSettings, models: string[]): Promise<number[]> {
  const { heldOut } = await readSamples({ base, dialogues }, settings.maxTokens);
  const samples = heldOut.samples.map(({ ids, weights }) => ({ ids: [...ids], weights: [...weights] }));
  const path = join(folder, "held-out.json");
  await writeFile(path, JSON.stringify(samples));
  const script = fileURLToPath(new URL("../../bench/llama-factory/held-out.py", import.meta.url));
  const { stdout } = await promisify(execFile)(python, [script, path, ...models], {
    env: { ...process.env, CUDA_VISIBLE_DEVICES: "", OMP_WAIT_POLICY: "PASSIVE", HF_HUB_OFFLINE: "1" },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as number[];
}

function printRow(name: string, speed: number, ideal: number | null, training: Training, more = ""): void {
  const { peakGib, seconds, othersShare, load } = training;
  const moment = `others took ${(100 * othersShare).toFixed(0)} % of the processor, load ${load.toFixed(1)}`;
  const parts = [
    `${speed.toFixed(0).padStart(5)} tokens/s`,
    ...(ideal ? [`${ideal.toFixed(0)} by processor time`] : []),
    ...(more ? [more] : []),
    `peak ${peakGib.toFixed(2)} GiB`,
    `${seconds.toFixed(0)} s in all`,
    moment,
  ];
  console.log(`${name.padEnd(48)} ${parts.join(", ")}`);
}

const folder = await mkdtemp(join(tmpdir(), "bench-"));
try {
  const plain: Variant[] = [
    { precision: "bf16", perDevice: 4 },
    { precision: "fp32", perDevice: 4 },
  ];
  await compare(folder, Number(screenedSteps) > 0 ? await screen(folder) : plain);
} finally {
  await rm(folder, { recursive: true, force: true });
}
