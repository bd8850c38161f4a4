import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../../../src/files.js";
import { modelTensors } from "../../../src/formats/gguf/layout.js";
import { type ModelConfig, parseModelConfig } from "../../../src/formats/model-config.js";
import { fromFloat32 } from "../../../src/formats/plain.js";
import { writeSafetensors } from "../../../src/formats/safetensors/write.js";
import { peftName, type LoraLayout } from "../../../src/train/lora.js";
import type { Sample } from "../../../src/train/sample.js";

// The same model, adapter and samples as make-golden.py makes, from the same hash.

const VOCABULARY = 400;

/** Numbers in [-1, 1): a 32-bit integer hash (lowbias32) of the index. */
export function uniform(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => {
    let x = (index + seed * 7919) >>> 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x7feb352d);
    x ^= x >>> 15;
    x = Math.imul(x, 0x846ca68b);
    x ^= x >>> 16;
    return (x >>> 0) / 2 ** 31 - 1;
  });
}

function textSeed(name: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(name)) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0) % 2 ** 20;
}

function baseValues(name: string, shape: number[]): Float32Array {
  const values = uniform(
    shape.reduce((product, size) => product * size, 1),
    textSeed(name),
  );
  if (name.includes("norm")) return Float32Array.from(values, (value) => 1 + 0.3 * value);
  if (name.endsWith("bias")) return Float32Array.from(values, (value) => 0.3 * value);
  if (/embed|lm_head/.test(name)) return Float32Array.from(values, (value) => 0.5 * value);
  return Float32Array.from(values, (value) => (value * 2) / Math.sqrt(shape.at(-1)!));
}

/** The values of an adapter's matrix; neither A nor B is zero. */
function hashedLora(peftName: string, length: number): Float32Array {
  return Float32Array.from(uniform(length, textSeed(peftName)), (value) => 0.1 * value);
}

/** A whole adapter of such values. */
export function hashedAdapter({ tensors, length }: LoraLayout): Float32Array {
  const weights = new Float32Array(length);
  for (const tensor of tensors) {
    weights.set(hashedLora(peftName(tensor), tensor.rows * tensor.columns), tensor.offset);
  }
  return weights;
}

/** The distance of two arrays over the length of the second. */
export function relativeDistance(actual: Float32Array, expected: Float32Array): number {
  let distance = 0;
  let length = 0;
  for (let at = 0; at < expected.length; at += 1) {
    distance += (actual[at]! - expected[at]!) ** 2;
    length += expected[at]! ** 2;
  }
  return Math.sqrt(distance / length);
}

/** How far two arrays point the same way, -1 to 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  a.forEach((value, at) => {
    dot += value * b[at]!;
    ofA += value ** 2;
    ofB += b[at]! ** 2;
  });
  return dot / Math.sqrt(ofA * ofB);
}

/** Three dialogues of 41, 12 and 63 tokens. */
export function hashedSamples(): Sample[] {
  return [41, 12, 63].map((length, index) => ({
    dialogueId: String(index),
    ids: Int32Array.from(uniform(length, 900 + index), (value) => Math.floor(((value + 1) / 2) * VOCABULARY)),
    weights: Float32Array.from({ length }, (_, at) => (at % 11 < 5 || at === 0 ? 0 : at % 3 === 0 ? 0.5 : 1)),
    replies: 1,
  }));
}

const common = {
  num_hidden_layers: 2,
  max_position_embeddings: 2048,
};
const medium = {
  ...common,
  vocab_size: VOCABULARY,
  hidden_size: 256,
  intermediate_size: 512,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};

/** The `config.json` of each model, as make-golden.py describes them, and what its weights are stored as. */
export const HASHED_MODELS = {
  llama: {
    type: "F32",
    config: {
      ...medium,
      model_type: "llama",
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      tie_word_embeddings: true,
    },
  },
  qwen2: {
    type: "F16",
    config: {
      ...medium,
      model_type: "qwen2",
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      tie_word_embeddings: false,
    },
  },
  qwen3: {
    type: "F16",
    config: {
      ...common,
      model_type: "qwen3",
      vocab_size: 401,
      hidden_size: 80,
      intermediate_size: 144,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 32,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
    },
  },
  "qwen3-untied": {
    type: "F16",
    config: {
      ...common,
      model_type: "qwen3",
      vocab_size: 403,
      hidden_size: 96,
      intermediate_size: 80,
      num_attention_heads: 3,
      num_key_value_heads: 3,
      head_dim: 16,
      rms_norm_eps: 1e-6,
      rope_theta: 10_000,
      tie_word_embeddings: false,
    },
  },
  llama3: {
    type: "F32",
    config: {
      ...common,
      model_type: "llama",
      vocab_size: 401,
      hidden_size: 100,
      intermediate_size: 132,
      num_attention_heads: 5,
      num_key_value_heads: 1,
      head_dim: 24,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: false,
      attention_bias: true,
      // As transformers 5 writes it.
      rope_parameters: {
        rope_type: "llama3",
        rope_theta: 10_000,
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 64,
      },
    },
  },
} as const;
export type HashedModel = keyof typeof HASHED_MODELS;

/** Writes a base model as a Hugging Face folder. */
export async function writeHashedModel(folder: string, name: HashedModel): Promise<ModelConfig> {
  const { type, config: json } = HASHED_MODELS[name];
  const config = parseModelConfig(json, "test");
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, "config.json"), "test", json);
  await writeSafetensors(
    join(folder, "model.safetensors"),
    "test",
    modelTensors(config).map((tensor) => ({ ...tensor, type })),
    ({ name, shape }) => fromFloat32(baseValues(name, shape), type),
  );
  return config;
}
