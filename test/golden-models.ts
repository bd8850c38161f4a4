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
};
