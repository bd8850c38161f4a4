import type { ModelConfig } from "../../formats/model-config.js";

type Size = Pick<ModelConfig, "hiddenSize" | "ffnSize" | "layers" | "heads" | "kvHeads">;

const smollm2 = (size: Size): ModelConfig => ({
  ...size,
  architecture: "llama",
  vocabSize: 49_152,
  headSize: 64,
  normEpsilon: 1e-5,
  ropeTheta: 100_000,
  ropeScaling: null,
  contextTokens: 8192,
  tiedEmbeddings: true,
  attentionBias: false,
  headNorms: false,
  bosTokenId: 1,
  eosTokenIds: [2],
});

const qwen2 = (size: Size, tiedEmbeddings: boolean): ModelConfig => ({
  ...size,
  architecture: "qwen2",
  vocabSize: 151_936,
  headSize: size.hiddenSize / size.heads,
  normEpsilon: 1e-6,
  ropeTheta: 1_000_000,
  ropeScaling: null,
  contextTokens: 32_768,
  tiedEmbeddings,
  attentionBias: true,
  headNorms: false,
  bosTokenId: null,
  eosTokenIds: [151_645],
});

/** All heads of this family are of 128. */
const qwen3 = (size: Omit<Size, "heads" | "kvHeads">): ModelConfig => ({
  ...qwen2({ ...size, heads: 16, kvHeads: 8 }, true),
  architecture: "qwen3",
  headSize: 128,
  contextTokens: 40_960,
  attentionBias: false,
  headNorms: true,
  bosTokenId: 151_643,
});

const QWEN_1_5B: Size = { hiddenSize: 1536, ffnSize: 8960, layers: 28, heads: 12, kvHeads: 2 };

/** The shapes of the models that have a short name, for estimates before anything is fetched. Source: their config.json. */
export const SHAPES: Readonly<Record<string, ModelConfig>> = {
  "smollm2:135m": smollm2({ hiddenSize: 576, ffnSize: 1536, layers: 30, heads: 9, kvHeads: 3 }),
  "smollm2:360m": smollm2({ hiddenSize: 960, ffnSize: 2560, layers: 32, heads: 15, kvHeads: 5 }),
  "qwen2.5:0.5b": qwen2({ hiddenSize: 896, ffnSize: 4864, layers: 24, heads: 14, kvHeads: 2 }, true),
  "qwen2.5:1.5b": qwen2(QWEN_1_5B, true),
  "qwen3:0.6b": qwen3({ hiddenSize: 1024, ffnSize: 3072, layers: 28 }),
  "qwen3:1.7b": qwen3({ hiddenSize: 2048, ffnSize: 6144, layers: 28 }),
  "deepseek-r1:1.5b": qwen2(QWEN_1_5B, false),
};
