import type { TinyModel } from "./tiny-model.js";

/** The tiny models of which `test/golden/gguf` keeps what llama.cpp's converter makes; the folder has the key's name. */
export const TINY_MODELS: Readonly<Record<string, TinyModel>> = {
  llama: { architecture: "llama", tied: true, seed: "golden" },
  "llama-untied": { architecture: "llama", tied: false, seed: "golden", type: "F32" },
  qwen2: { architecture: "qwen2", tied: false, seed: "golden", type: "BF16" },
  "qwen2-tied": { architecture: "qwen2", tied: true, seed: "golden", type: "F32" },
  // More than ten layers, as layer 10 comes before layer 2 in the order of names.
  deepseek: {
    architecture: "qwen2",
    tied: false,
    seed: "golden",
    type: "BF16",
    layers: 11,
    tokenizer: "deepseek",
  },
  qwen3: { architecture: "qwen3", tied: true, seed: "golden", type: "BF16", layers: 1 },
  // Five heads of 48 with one key, biases in all of attention, positions stretched as Llama 3.2 does it, but from 64
  // tokens on, so that a test of some tens of tokens sees it.
  llama3: {
    architecture: "llama",
    tied: false,
    seed: "golden",
    layers: 1,
    config: {
      attention_bias: true,
      head_dim: 48,
      hidden_size: 320,
      num_attention_heads: 5,
      num_key_value_heads: 1,
      rope_scaling: {
        rope_type: "llama3",
        factor: 32,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 64,
      },
    },
  },
  // Large enough that its matrices are read in several batches, of which the last is smaller.
  "llama-wide": {
    architecture: "llama",
    tied: true,
    seed: "golden",
    type: "BF16",
    layers: 1,
    config: { hidden_size: 768, intermediate_size: 1024, num_attention_heads: 12, num_key_value_heads: 4 },
  },
};
