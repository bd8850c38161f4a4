import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../src/files.js";
import { modelTensors } from "../src/formats/gguf/layout.js";
import { CLASS_NAMES } from "../src/formats/gguf/to-config.js";
import { type Architecture, type ModelConfig, parseModelConfig } from "../src/formats/model-config.js";
import { elementCount, fromFloat32 } from "../src/formats/plain.js";
import { writeSafetensors } from "../src/formats/safetensors/write.js";
import type { PlainType } from "../src/formats/tensors.js";
import { createRandom, normal } from "../src/random.js";
import { tinyTokenizer, type TokenizerFamily } from "./tiny-tokenizer.js";

export type TinyModel = {
  architecture: Architecture;
  /** Whether the output matrix is the embedding. */
  tied: boolean;
  seed: string | number;
  layers?: number;
  /** Of all tensors. */
  type?: PlainType;
  /** Unless told, that of the architecture. */
  tokenizer?: TokenizerFamily;
  /** Tokens that it never says: their rows of the output matrix are zero. */
  unsaid?: readonly number[];
  /** Entries of `config.json` that shall be otherwise. */
  config?: Record<string, unknown>;
};

/**
 * Writes a Hugging Face folder with random weights that transformers and, once exported, llama.cpp load: hidden size
 * 256, feed-forward 512, 4 heads and 2 key-value heads of 64 (qwen3: of 128), 2 layers unless told, float16 unless told.
 * The tokenizer has 400 tokens; a qwen model has 416 rows for them, as real ones have spare rows too.
 */
export async function writeTinyModel(folder: string, model: TinyModel): Promise<ModelConfig> {
  const { architecture, tied, seed, layers = 2, type = "F16" } = model;
  const isLlama = architecture === "llama";
  const tokens = tinyTokenizer(model.tokenizer ?? (isLlama ? "llama" : "qwen2"));
  const json = {
    architectures: [CLASS_NAMES[architecture]],
    attention_dropout: 0,
    bos_token_id: isLlama ? tokens.startId : tokens.endOfTextId,
    eos_token_id: tokens.endId,
    hidden_act: "silu",
    hidden_size: 256,
    initializer_range: 0.02,
    intermediate_size: 512,
    max_position_embeddings: 2048,
    model_type: architecture,
    num_attention_heads: 4,
    num_hidden_layers: layers,
    num_key_value_heads: 2,
    rms_norm_eps: isLlama ? 1e-5 : 1e-6,
    rope_theta: isLlama ? 100_000 : 1_000_000,
    tie_word_embeddings: tied,
    torch_dtype: { F32: "float32", F16: "float16", BF16: "bfloat16" }[type],
    use_cache: true,
    vocab_size: isLlama ? tokens.size : tokens.size + 16,
    ...(architecture === "qwen3" ? { head_dim: 128 } : {}),
    ...model.config,
  };
  const config = parseModelConfig(json, "test");
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, "config.json"), "test", json);
  await writeJson(join(folder, "generation_config.json"), "test", {
    bos_token_id: json.bos_token_id,
    eos_token_id: [tokens.endId, tokens.endOfTextId],
    pad_token_id: tokens.endOfTextId,
  });
  await writeJson(join(folder, "tokenizer.json"), "test", tokens.tokenizer);
  await writeJson(join(folder, "tokenizer_config.json"), "test", tokens.tokenizerConfig);
  const random = createRandom(seed);
  await writeSafetensors(
    join(folder, "model.safetensors"),
    "test",
    modelTensors(config).map((tensor) => ({ ...tensor, type })),
    ({ name, shape }) => {
      const mean = name.endsWith("norm.weight") ? 1 : 0;
      // Large enough that attention and every layer matter in the result, small enough for float16.
      const values = Float32Array.from({ length: elementCount(shape) }, () => mean + 0.08 * normal(random));
      if (name === (tied ? "model.embed_tokens.weight" : "lm_head.weight")) {
        for (const id of model.unsaid ?? []) values.fill(0, id * shape[1]!, (id + 1) * shape[1]!);
      }
      return fromFloat32(values, type);
    },
  );
  return config;
}
