import { parentPort } from "node:worker_threads";
import { readModelConfig, type ModelConfig } from "../../formats/model-config.js";
import type { Progress } from "../../progress.js";
import { stepAdamW } from "../../train/adamw.js";
import { initLora, layoutLora, type LoraLayout } from "../../train/lora.js";
import type { PackedRun } from "../../train/pack.js";
import type { AdapterState, StepSettings, TrainerOptions, TrainerPlan } from "../../train/trainer.js";
import { readBaseWeights, storedType } from "./base-weights.js";
import { hasInt8 } from "./has-int8.js";
import { measureSpeed } from "./measure.js";
import { createModel, type Model } from "./model.js";
import { numberTypes } from "./number-types.js";
import { planTraining } from "./plan-training.js";
import { flatten, type Reply, type Request } from "./thread.js";

// The trainer's thread. Weights, gradients and moments live here and only here: onnxruntime blocks the thread that
// calls it, and copies between threads would cost more than the optimizer's step.

const STAGE = "train";
const port = parentPort!;

let model: Model;
let state: AdapterState;
let layout: LoraLayout;
let gradients: Float32Array;

const CALLS: Record<string, (argument: never, onProgress: (progress: Progress) => void) => Promise<unknown>> =
  {
    open: async (
      { base, options }: { base: string; options: TrainerOptions },
      onProgress,
    ): Promise<TrainerPlan> => {
      const { lora, seed, longestSample, noise } = options;
      const config = await readModelConfig(base, STAGE);
      const stored = await storedType(base, STAGE);
      const needs = { config, stored, lora, longestSample, ...(noise && { noise }) };
      const plan = planTraining(needs, options, await hasInt8());
      const types = numberTypes(plan.precision, stored, plan.int8Products);
      const weights = initLora(config, lora, seed);
      layout = layoutLora(config, lora);
      const zeros = () => new Float32Array(weights.length);
      state = { weights, mean: zeros(), variance: zeros(), step: 0 };
      gradients = zeros();
      const baseWeights = await readBaseWeights(base, types, STAGE, { onProgress });
      model = await createModel(baseWeights, {
        types,
        lora,
        weights,
        gradients,
        runTokens: plan.runTokens,
        keptLayers: plan.keptLayers,
        ...(noise && { noise }),
      });
      return plan;
    },
    probe: async ({ config, options }: { config: ModelConfig; options: Omit<TrainerOptions, "seed"> }) => {
      const { lora, longestSample, noise } = options;
      const needs = { config, stored: "float16", lora, longestSample, ...(noise && { noise }) } as const;
      const plan = planTraining(needs, options, await hasInt8());
      return { ...plan, tokensPerSecond: await measureSpeed(config, lora, plan, noise) };
    },
    gather: (run: PackedRun) => model.gather(run),
    measure: (run: PackedRun) => model.measure(run),
    step: async (settings: StepSettings) => stepAdamW(state, gradients, layout, settings),
    read: async () => state,
    write: async ({ weights, mean, variance, step }: AdapterState) => {
      state.weights.set(weights);
      state.mean.set(mean);
      state.variance.set(variance);
      state.step = step;
    },
    close: () => model.close(),
  };

/** Calls are answered one after the other. */
let last: Promise<void> = Promise.resolve();
port.on("message", (request: Request) => {
  last = last.then(() => answer(request));
});

async function answer({ id, call, argument }: Request): Promise<void> {
  try {
    const result = await CALLS[call]!(argument as never, (progress) => post({ id, progress }));
    post({ id, result });
  } catch (error) {
    post({ id, error: flatten(error) });
  }
}

function post(reply: Reply): void {
  port.postMessage(reply);
}
