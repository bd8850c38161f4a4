import { LimitExceeded } from "../../errors.js";
import type { ModelConfig } from "../../formats/model-config.js";
import { layoutLora, type Lora } from "../../train/lora.js";
import type { Noise } from "../../train/noise.js";
import type { TrainerPlan } from "../../train/trainer.js";
import { baseWeightBytes } from "./base-weights.js";
import { maskedInputs } from "./dropout-masks.js";
import { HEAD_ROWS } from "./head.js";
import { keptActivations } from "./layer-parts.js";

const GIB = 2 ** 30;

/** The thread, onnxruntime's code and threads, and what lies between collections of garbage. */
const OVERHEAD_BYTES = 128 * 2 ** 20;

export type MemoryNeeds = {
  config: ModelConfig;
  weightType: "float32" | "float16";
  lora: Lora;
  runTokens: number;
  noise?: Noise;
};

/** Bytes that training takes in addition to an empty process, if the last `keptLayers` layers keep their activations. */
export function trainingBytes(
  { config, weightType, lora, runTokens, noise }: MemoryNeeds,
  keptLayers: number,
): number {
  const { hiddenSize, ffnSize, heads, layers, vocabSize } = config;
  const keptWidth = Object.values(keptActivations(config)).reduce((sum, width) => sum + width, 0);
  const keptBuffers = keptLayers + (keptLayers < layers ? 1 : 0);
  // Weights, gradients and two moments.
  const adapter = 4 * layoutLora(config, lora).length;
  const activations = runTokens * (hiddenSize * (layers + 3) + keptWidth * keptBuffers);
  const masks = noise?.dropout
    ? runTokens * maskedInputs(config, lora).reduce((sum, { width }) => sum + width, 0)
    : 0;
  // What onnxruntime holds while a graph runs: about ten arrays of the feed-forward block's width, six of attention
  // scores in bins of 256, two of a chunk's logits.
  const workspace = runTokens * (10 * ffnSize + 6 * heads * 256) + 2 * HEAD_ROWS * vocabSize;
  return (
    OVERHEAD_BYTES + baseWeightBytes(config, weightType) + 4 * (adapter + activations + masks + workspace)
  );
}

/**
 * How many layers can keep their activations.
 *
 * @param memoryGib of the whole process; 0 for what is free
 * @throws {LimitExceeded} not even with none kept
 */
export function planMemory(needs: MemoryNeeds, memoryGib: number): TrainerPlan {
  const { layers } = needs.config;
  const used = process.memoryUsage.rss();
  const free = used + process.availableMemory();
  const available = memoryGib > 0 ? Math.min(memoryGib * GIB, free) : free;
  let keptLayers = layers;
  while (keptLayers >= 0 && used + trainingBytes(needs, keptLayers) > available) keptLayers -= 1;
  if (keptLayers < 0) {
    const needed = (used + trainingBytes(needs, 0)) / GIB;
    throw new LimitExceeded(
      `train memory: needs ${needed.toFixed(1)} GiB (${(available / GIB).toFixed(1)} GiB available). Close other programs, choose a smaller base, or lower --max-tokens.`,
      { stage: "train" },
    );
  }
  return { keptLayers, layers, peakGib: (used + trainingBytes(needs, keptLayers)) / GIB };
}
