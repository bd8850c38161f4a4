import type { ModelConfig } from "../../formats/model-config.js";
import { layoutLora, linearSize, TARGETS, type Lora } from "../../train/lora.js";
import type { Noise } from "../../train/noise.js";
import { packRun, type PackedRun } from "../../train/pack.js";
import type { TrainerPlan } from "../../train/trainer.js";
import type { BaseWeights } from "./base-weights.js";
import { blockSize } from "./int8-weights.js";
import type { Matrix } from "./matrix.js";
import { HEAD_NORMS } from "./heads.js";
import { createModel } from "./model.js";
import { numberTypes, weightType, type NumberTypes } from "./number-types.js";

/** Dialogues of this many tokens, of which every third carries loss: about what chats are. */
const DIALOGUE_TOKENS = 128;
const REPEATS = 3;

/**
 * Real tokens a second of a whole training step, from one layer of zeros and the real output matrix's size, measured
 * on full runs; seconds, not minutes, and no model file is needed.
 */
export async function measureSpeed(
  config: ModelConfig,
  lora: Lora,
  { keptLayers, layers, precision, int8Products, runTokens }: TrainerPlan,
  noise: Noise | undefined,
): Promise<number> {
  const types = numberTypes(precision, "float16", int8Products);
  const oneLayer = { ...config, layers: 1 };
  const length = layoutLora(oneLayer, lora).length;
  const model = await createModel(emptyBase(oneLayer, types), {
    types,
    lora,
    weights: new Float32Array(length),
    gradients: new Float32Array(length),
    runTokens,
    keptLayers: 1,
    ...(noise && { noise }),
  });
  try {
    const run = exampleRun(runTokens, noise !== undefined);
    const body = { ...run, targetTokens: new Int32Array(0) };
    const forward = await shortest(() => model.measure(body));
    const both = await shortest(() => model.gather(body));
    const head = (await shortest(() => model.gather(run))) - both;
    const seconds = layers * both + (layers - keptLayers) * forward + Math.max(0, head);
    return run.ids.length / seconds;
  } finally {
    await model.close();
  }
}

async function shortest(work: () => Promise<unknown>): Promise<number> {
  let seconds = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const start = performance.now();
    await work();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return seconds;
}

function exampleRun(runTokens: number, noisy: boolean): PackedRun {
  return packRun(
    Array.from({ length: Math.max(1, Math.floor(runTokens / DIALOGUE_TOKENS)) }, (_, at) => ({
      dialogueId: String(at),
      ids: new Int32Array(DIALOGUE_TOKENS + 1),
      weights: Float32Array.from({ length: DIALOGUE_TOKENS + 1 }, (_, token) => (token % 3 === 2 ? 1 : 0)),
      replies: 1,
    })),
    noisy ? () => 0 : undefined,
  );
}

/** A model of zeros, which takes as long as any other. */
function emptyBase(config: ModelConfig, types: NumberTypes): BaseWeights {
  const { headSize, hiddenSize, vocabSize } = config;
  const layer = new Map<string, Matrix>();
  for (const target of TARGETS) {
    const { inputs, outputs } = linearSize(config, target);
    const shape = [outputs, inputs];
    if (weightType(types, target) === "int8") {
      const scales = new Uint16Array((outputs * inputs) / blockSize(inputs));
      layer.set(`${target}.weight`, { values: new Int8Array(outputs * inputs), shape });
      layer.set(`${target}.scales`, { values: scales, shape: [scales.length] });
    } else layer.set(`${target}.weight`, { values: new Uint16Array(outputs * inputs), shape });
    layer.set(`${target}.bias`, { values: new Float32Array(outputs), shape: [outputs] });
  }
  for (const norm of ["input_layernorm.weight", "post_attention_layernorm.weight"]) {
    layer.set(norm, { values: new Float32Array(hiddenSize), shape: [hiddenSize] });
  }
  for (const norm of Object.values(HEAD_NORMS)) {
    layer.set(norm, { values: new Float32Array(headSize), shape: [headSize] });
  }
  return {
    config,
    layers: Array.from({ length: config.layers }, () => layer),
    finalNorm: new Float32Array(hiddenSize),
    head: { values: new Uint16Array(vocabSize * hiddenSize), shape: [vocabSize, hiddenSize] },
    embed: async () => {},
    close: async () => {},
  };
}
