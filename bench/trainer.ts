import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { trainingBytes } from "../src/engines/onnxruntime/memory.js";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { createRandom } from "../src/random.js";
import { packRun } from "../src/train/pack.js";
import { loraOf, runTokensOf, trainSettings } from "../src/train/settings.js";

// How fast and how large is training, with activations kept and with activations computed again?
//   node dist/bench/trainer.js <folder of a Hugging Face model>
// Each variant runs in a process of its own, in turns, so that both see the same moments of a shared machine.

const [base, variant] = process.argv.slice(2) as [string, ("kept" | "recomputed")?];
const settings = trainSettings.parse({});
const ROUNDS = 3;
const RUNS = 4;

type Result = { tokensPerSecond: number; peakGib: number; estimatedGib: number };

if (variant) process.stdout.write(JSON.stringify(await measure(variant)));
else compare();

/** The best of some runs of 1,024 tokens in eight dialogues, of which a third carries loss. */
async function measure(which: "kept" | "recomputed"): Promise<Result> {
  const config = await readModelConfig(base, "bench");
  const needs = {
    config,
    weightType: "float16",
    lora: loraOf(settings),
    runTokens: runTokensOf(settings),
  } as const;
  // The thread adds a little of its own; at most two layers of thirty are kept then.
  const smallest = (process.memoryUsage.rss() + trainingBytes(needs, 0)) / 2 ** 30 + 0.05;
  const session = await createTrainer().open(base, {
    lora: needs.lora,
    seed: 0,
    runTokens: needs.runTokens,
    memoryGib: which === "kept" ? 0 : smallest,
  });
  const random = createRandom("bench");
  const run = packRun(
    Array.from({ length: 8 }, (_, at) => ({
      dialogueId: String(at),
      ids: Int32Array.from({ length: 129 }, () => Math.floor(random() * config.vocabSize)),
      weights: Float32Array.from({ length: 129 }, (_, token) => (token % 3 === 2 ? 1 : 0)),
      replies: 1,
    })),
  );
  let seconds = Infinity;
  for (let count = 0; count < RUNS; count += 1) {
    const start = performance.now();
    await session.gather(run);
    await session.step({
      learningRate: 1e-4,
      loraPlusRatio: 1,
      weightDecay: 0.01,
      clip: 0.5,
      totalWeight: 344,
    });
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  const estimatedGib = session.plan.peakGib;
  await session.close();
  return {
    tokensPerSecond: run.ids.length / seconds,
    peakGib: process.resourceUsage().maxRSS / 2 ** 20,
    estimatedGib,
  };
}

function compare(): void {
  const best: Partial<Record<"kept" | "recomputed", Result>> = {};
  const script = fileURLToPath(import.meta.url);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const which of ["kept", "recomputed"] as const) {
      const output = execFileSync(process.execPath, [script, base, which], { encoding: "utf8" });
      const result = JSON.parse(output) as Result;
      if (result.tokensPerSecond > (best[which]?.tokensPerSecond ?? 0)) best[which] = result;
    }
  }
  for (const [which, { tokensPerSecond, peakGib, estimatedGib }] of Object.entries(best)) {
    const memory = `peak ${peakGib.toFixed(2)} GiB, estimated ${estimatedGib.toFixed(2)}`;
    console.log(
      `activations ${which.padEnd(10)} ${tokensPerSecond.toFixed(0).padStart(4)} tokens/s, ${memory}`,
    );
  }
  const ratio = best.kept!.tokensPerSecond / best.recomputed!.tokensPerSecond;
  console.log(`kept is ${ratio.toFixed(2)} times as fast; load ${loadavg()[0]!.toFixed(1)}`);
}
