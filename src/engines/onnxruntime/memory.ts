import type { ModelConfig } from "../../formats/model-config.js";
import { layoutLora, TARGETS, linearSize, type Lora } from "../../train/lora.js";
import type { Noise } from "../../train/noise.js";
import { baseWeightBytes } from "./base-weights.js";
import { maskedInputs } from "./dropout-masks.js";
import { HEAD_BLOCK, HEAD_ROWS } from "./head.js";
import { keptActivations, keptType, type KeptName } from "./layer-parts.js";
import type { NumberTypes } from "./number-types.js";

/** The thread, onnxruntime's code and threads, and what lies between collections of garbage. */
const OVERHEAD_BYTES = 128 * 2 ** 20;

export type MemoryNeeds = {
  config: ModelConfig;
  types: NumberTypes;
  lora: Lora;
  runTokens: number;
  /** Tokens of the longest sample, and so of the longest bin. */
  longestSample: number;
  noise?: Noise;
};

/** Bytes that training takes in addition to an empty process, if the last `keptLayers` layers keep their activations. */
export function trainingBytes(needs: MemoryNeeds, keptLayers: number): number {
  const { config, types, lora, runTokens, noise } = needs;
  const { hiddenSize, layers } = config;
  const keptBuffers = keptLayers + (keptLayers < layers ? 1 : 0);
  // Weights, gradients and two moments.
  const adapter = 16 * layoutLora(config, lora).length;
  const states = 4 * runTokens * hiddenSize * (layers + 3);
  const kept = keptBuffers * runTokens * keptBytes(config, types);
  const masks = noise?.dropout
    ? 4 * runTokens * maskedInputs(config, lora).reduce((sum, { width }) => sum + width, 0)
    : 0;
  return (
    OVERHEAD_BYTES +
    baseWeightBytes(config, types) +
    (config.tiedEmbeddings ? 0 : 4 * hiddenSize * EMBEDDED_TOKENS) +
    adapter +
    states +
    kept +
    masks +
    Math.max(layerWorkspace(needs), headWorkspace(needs))
  );
}

/** Bins of short samples are about this long. */
const BIN_LENGTH = 256;
/** Rows of an embedding of its own that are read: about as many tokens as chats use. */
const EMBEDDED_TOKENS = 10_000;

/** Bytes that a layer keeps of one token. */
function keptBytes(config: ModelConfig, types: NumberTypes): number {
  return Object.entries(keptActivations(config)).reduce(
    (sum, [name, width]) => sum + width * (keptType(name as KeptName, types) === "float16" ? 2 : 4),
    0,
  );
}

/**
 * What onnxruntime holds while a layer's graph runs: about ten arrays of the feed-forward block's width, six of
 * attention scores, and the largest matrix as float32, with its pair added, and on its way to 8 bits.
 */
function layerWorkspace({ config, runTokens, longestSample }: MemoryNeeds): number {
  const { ffnSize, heads } = config;
  const largest = Math.max(
    ...TARGETS.map((target) => {
      const { inputs, outputs } = linearSize(config, target);
      return inputs * outputs;
    }),
  );
  return 4 * (runTokens * (10 * ffnSize + 6 * heads * Math.max(BIN_LENGTH, longestSample)) + 4 * largest);
}

/** The same of the head's: a block of the output matrix as float32, and three arrays of its logits. */
function headWorkspace({ config, types }: MemoryNeeds): number {
  const block = Math.min(config.vocabSize, HEAD_BLOCK);
  return 4 * block * ((types.attention === "float16" ? config.hiddenSize : 0) + 3 * HEAD_ROWS);
}
