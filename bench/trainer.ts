import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { createRandom } from "../src/random.js";
import { packRun, splitRuns } from "../src/train/pack.js";
import { loraOf, PRECISIONS, trainSettings, type Precision } from "../src/train/settings.js";

// How fast and how large is a step of training in each precision?
//   node dist/bench/trainer.js <folder of a Hugging Face model> [<GiB of memory to take>]
// Each precision runs in processes of its own, in turns, so that all see the same moments of a shared machine.

const [base, memoryGib = "0", precision] = process.argv.slice(2) as [string, string?, Precision?];
const settings = trainSettings.parse({});
const ROUNDS = 3;
const RUNS = 3;

type Result = { tokensPerSecond: number; peakGib: number; estimatedGib: number; kept: string };

if (precision) process.stdout.write(JSON.stringify(await measure(precision)));
else compare();

/** The best of some runs of 1,024 tokens in eight dialogues, of which a third carries loss. */
async function measure(which: Precision): Promise<Result> {
  const config = await readModelConfig(base, "bench");
  const session = await createTrainer().open(base, {
    lora: loraOf(settings),
    seed: 0,
    precision: which,
    longestSample: 128,
    memoryGib: Number(memoryGib),
  });
  const random = createRandom("bench");
  const samples = Array.from({ length: 8 }, (_, at) => ({
    dialogueId: String(at),
    ids: Int32Array.from({ length: 129 }, () => Math.floor(random() * config.vocabSize)),
    weights: Float32Array.from({ length: 129 }, (_, token) => (token % 3 === 2 ? 1 : 0)),
    replies: 1,
  }));
  const runs = splitRuns(samples, session.plan.runTokens).map((members) => packRun(members));
  let seconds = Infinity;
  for (let count = 0; count < RUNS; count += 1) {
    const start = performance.now();
    for (const run of runs) await session.gather(run);
    await session.step({
      learningRate: 1e-4,
      loraPlusRatio: 1,
      weightDecay: 0.01,
      clip: 0.5,
      totalWeight: 344,
    });
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  const { peakGib, keptLayers, layers } = session.plan;
  await session.close();
  return {
    tokensPerSecond: (8 * 128) / seconds,
    peakGib: process.resourceUsage().maxRSS / 2 ** 20,
    estimatedGib: peakGib,
    kept: `${keptLayers} of ${layers} layers kept`,
  };
}

function compare(): void {
  const best = new Map<Precision, Result>();
  const script = fileURLToPath(import.meta.url);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const which of PRECISIONS) {
      const output = execFileSync(process.execPath, [script, base, memoryGib, which], { encoding: "utf8" });
      const result = JSON.parse(output) as Result;
      if (result.tokensPerSecond > (best.get(which)?.tokensPerSecond ?? 0)) best.set(which, result);
    }
  }
  const exact = best.get("exact")!.tokensPerSecond;
  for (const [which, { tokensPerSecond, peakGib, estimatedGib, kept }] of best) {
    const speed = `${tokensPerSecond.toFixed(0).padStart(4)} tokens/s, ${(tokensPerSecond / exact).toFixed(2)} × exact`;
    const memory = `peak ${peakGib.toFixed(2)} GiB, estimated ${estimatedGib.toFixed(2)}`;
    console.log(`${which.padEnd(6)} ${speed}; ${memory}; ${kept}`);
  }
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
}
