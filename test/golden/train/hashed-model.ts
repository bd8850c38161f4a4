import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../../../src/files.js";
import { modelTensors } from "../../../src/formats/gguf/layout.js";
import { type Architecture, type ModelConfig, parseModelConfig } from "../../../src/formats/model-config.js";
import { fromFloat32 } from "../../../src/formats/plain.js";
import { writeSafetensors } from "../../../src/formats/safetensors/write.js";
import type { PlainType } from "../../../src/formats/tensors.js";
import type { Sample } from "../../../src/train/sample.js";

// The same model, adapter and samples as make-golden.py makes, from the same hash.

const VOCABULARY = 400;

/** Numbers in [-1, 1): a 32-bit integer hash (lowbias32) of the index. */
function uniform(count: number, seed: number): Float64Array {
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
export function hashedLora(peftName: string, length: number): Float32Array {
  return Float32Array.from(uniform(length, textSeed(peftName)), (value) => 0.1 * value);
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

/** Writes the base model as a Hugging Face folder: llama tied, qwen2 untied with biases. */
export async function writeHashedModel(
  folder: string,
  architecture: Architecture,
  type: PlainType,
): Promise<ModelConfig> {
  const isQwen = architecture === "qwen2";
  const json = {
    model_type: architecture,
    vocab_size: VOCABULARY,
    hidden_size: 256,
    intermediate_size: 512,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 2048,
    rms_norm_eps: isQwen ? 1e-6 : 1e-5,
    rope_theta: isQwen ? 1_000_000 : 100_000,
    tie_word_embeddings: !isQwen,
  };
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
