import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { createRandom } from "../src/random.js";
import { packRun, splitRuns } from "../src/train/pack.js";
import { loraOf, PRECISIONS, trainSettings, type Precision } from "../src/train/settings.js";
import type { Sample } from "../src/train/sample.js";

// One training step of the shape of DeepSeek-R1-Distill-Qwen-1.5B, random weights, by PyTorch and by our trainer.
//   node dist/bench/peer-step.js <python with torch, transformers and peft> <folder for the model, made if missing>
// 1,024 tokens in eight dialogues, two of five with loss. PyTorch computes in bfloat16 and logits only where there is
// loss, with activations kept and with gradient checkpointing; LoRA rank 16 at all linear layers for both.

const [python, base, call] = process.argv.slice(2) as [string, string, string?];
const STEPS = 3;
const DIALOGUES = 8;
const TOKENS = 128;

/** Processor time is known where threads that wait do not spin. */
type Result = { seconds: number[]; cpuSeconds?: number[]; loss: number; peakGib: number };
/** Threads of either trainer. */
const CORES = 2;
type Call = { samples: string; precision: Precision };
/** What our trainer may take. */
const MEMORY_GIB = { exact: 6, fast: 6, small: 4 } satisfies Record<Precision, number>;

if (call) {
  const { samples, precision } = JSON.parse(call) as Call;
  process.stdout.write(JSON.stringify(await measureOurs(samples, precision)));
} else await compare();

/** Our trainer, in this process. */
async function measureOurs(samplesPath: string, precision: Precision): Promise<Result> {
  const { ids, weights } = JSON.parse(await readFile(samplesPath, "utf8")) as {
    ids: number[][];
    weights: number[][];
  };
  const session = await createTrainer().open(base, {
    lora: loraOf(trainSettings.parse({})),
    seed: 0,
    precision,
    longestSample: 128,
    memoryGib: MEMORY_GIB[precision],
  });
  const samples = ids.map((sampleIds, at): Sample => ({
    dialogueId: String(at),
    ids: Int32Array.from(sampleIds),
    weights: Float32Array.from(weights[at]!),
    replies: 1,
  }));
  // As training does: what fits into a run goes through the model together.
  const runs = splitRuns(samples, session.plan.runTokens).map((members) => packRun(members));
  const totalWeight = weights.flat().reduce((sum, weight) => sum + weight, 0);
  const seconds: number[] = [];
  let loss = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const start = performance.now();
    loss = 0;
    for (const run of runs) loss += (await session.gather(run)) / totalWeight;
    await session.step({
      learningRate: 1e-4,
      loraPlusRatio: 1,
      weightDecay: 0.01,
      clip: 0.5,
      totalWeight,
    });
    seconds.push((performance.now() - start) / 1000);
  }
  const { runTokens, keptLayers, layers } = session.plan;
  process.stderr.write(`runs of ${runTokens} tokens, ${keptLayers} of ${layers} layers kept\n`);
  await session.close();
  return { seconds, loss, peakGib: process.resourceUsage().maxRSS / 2 ** 20 };
}

async function compare(): Promise<void> {
  const made = await access(join(base, "model.safetensors")).then(
    () => true,
    () => false,
  );
  if (!made) await run(python, [script("make-model.py"), base]);
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const samples = join(folder, "samples.json");
    await writeFile(samples, JSON.stringify(makeSamples()));
    for (const which of ["kept", "recomputed"]) {
      const output = await run(python, [script("step.py"), base, samples, which, String(STEPS)]);
      print(`PyTorch bfloat16, activations ${which}`, JSON.parse(output) as Result);
    }
    for (const precision of PRECISIONS) {
      const argument = JSON.stringify({ samples, precision } satisfies Call);
      const output = await run(process.execPath, [fileURLToPath(import.meta.url), python, base, argument]);
      print(`ours, ${precision}, ${MEMORY_GIB[precision]} GiB`, JSON.parse(output) as Result);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function script(name: string): string {
  return fileURLToPath(new URL(`../../bench/peer-step/${name}`, import.meta.url));
}

/** One token more than goes through the model. */
function makeSamples(): { ids: number[][]; weights: number[][] } {
  const random = createRandom("bench");
  return {
    ids: grid(() => Math.floor(random() * 150_000)),
    weights: grid((token) => (token % 5 >= 3 ? 1 : 0)),
  };
}

function grid(value: (token: number) => number): number[][] {
  return Array.from({ length: DIALOGUES }, () =>
    Array.from({ length: TOKENS + 1 }, (_, token) => value(token)),
  );
}

function print(name: string, { seconds, cpuSeconds, loss, peakGib }: Result): void {
  const parts = [
    `${speedOf(Math.min(...seconds)).padStart(4)} tokens/s`,
    ...(cpuSeconds ? [`${speedOf(Math.min(...cpuSeconds) / CORES)} by processor time`] : []),
    `peak ${peakGib.toFixed(2)} GiB`,
    `loss ${loss.toFixed(3)}`,
    `steps of ${seconds.map((value) => value.toFixed(1)).join(", ")} s`,
    `load ${loadavg()[0]!.toFixed(1)}`,
  ];
  console.log(`${name.padEnd(40)} ${parts.join(", ")}`);
}

/** Tokens a second. */
function speedOf(stepSeconds: number): string {
  return ((DIALOGUES * TOKENS) / stepSeconds).toFixed(0);
}

async function run(program: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    env: {
      ...process.env,
      CUDA_VISIBLE_DEVICES: "",
      OMP_NUM_THREADS: String(CORES),
      OMP_WAIT_POLICY: "PASSIVE",
      HF_HUB_OFFLINE: "1",
    },
  });
  return stdout.trim().split("\n").at(-1)!;
}
