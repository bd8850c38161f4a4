import { MalformedInput, Unsupported } from "../../errors.js";
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from "../../formats/half.js";
import { readModelConfig, type ModelConfig } from "../../formats/model-config.js";
import { elementCount } from "../../formats/plain.js";
import { openModelTensors } from "../../formats/safetensors/read.js";
import type { TensorSource } from "../../formats/tensors.js";
import { hasBias, linearSize, TARGETS } from "../../train/lora.js";
import type { Run } from "../../progress.js";
import { HEAD_NORMS } from "./heads.js";

/** A tensor as onnxruntime takes it: float32, or the bit patterns of float16. */
export type Matrix = { values: Float32Array | Uint16Array; shape: number[] };

/** A frozen base model in memory, each matrix once. */
export type BaseWeights = {
  config: ModelConfig;
  /** How the linear layers' matrices are held: as stored, but bfloat16 as float16. */
  weightType: "float32" | "float16";
  /** By layer, under the graphs' input names: `q_proj.weight`, `q_proj.bias`, `input_layernorm.weight` … */
  layers: Map<string, Matrix>[];
  finalNorm: Float32Array;
  /** The output matrix, [vocab, hidden]; float32 because every chunk of rows goes through all of it. */
  head: Float32Array;
  /** Copies a token's embedding to `target` from index `at` on. */
  embed: (id: number, target: Float32Array, at: number) => void;
};

/** Bytes that `readBaseWeights` will hold. */
export function baseWeightBytes(config: ModelConfig, weightType: "float32" | "float16"): number {
  const linears = TARGETS.reduce((sum, target) => {
    const { inputs, outputs } = linearSize(config, target);
    return sum + inputs * outputs;
  }, 0);
  const bytes = weightType === "float32" ? 4 : 2;
  const vocabulary = config.vocabSize * config.hiddenSize;
  return config.layers * linears * bytes + vocabulary * (config.tiedEmbeddings ? 4 : 4 + bytes);
}

/** How `readBaseWeights` will hold the matrices of a model; only headers are read. */
export async function storedWeightType(folder: string, stage: string): Promise<"float32" | "float16"> {
  const source = await openModelTensors(folder, stage);
  await source.close();
  return weightTypeOf(source);
}

function weightTypeOf(source: TensorSource): "float32" | "float16" {
  return source.tensors.get("model.layers.0.self_attn.q_proj.weight")?.type === "F32" ? "float32" : "float16";
}

/**
 * Reads a model tensor by tensor.
 *
 * Bfloat16 becomes float16, which is what is exported and served: exact but for magnitudes under 6e-5, which move by
 * at most 3e-8.
 *
 * @param stage the stage word, for errors
 * @throws {MalformedInput} a tensor is missing or has another shape than the configuration says
 * @throws {Unsupported} a stored type other than F32, F16 and BF16, or a value that float16 cannot hold
 */
export async function readBaseWeights(folder: string, stage: string, run: Run = {}): Promise<BaseWeights> {
  const config = await readModelConfig(folder, stage);
  const source = await openModelTensors(folder, stage);
  try {
    const { hiddenSize, vocabSize } = config;
    const weightType = weightTypeOf(source);
    const read = (name: string, shape: number[], as: "float32" | "float16") =>
      readValues(source, { name, shape, as }, stage);
    const float32 = async (name: string, shape: number[]) =>
      (await read(name, shape, "float32")) as Float32Array;

    const layers: Map<string, Matrix>[] = [];
    for (let index = 0; index < config.layers; index += 1) {
      run.signal?.throwIfAborted();
      run.onProgress?.({
        stage,
        done: index,
        total: config.layers,
        unit: "layers",
        note: "reading the base",
      });
      const layer = new Map<string, Matrix>();
      const prefix = `model.layers.${index}`;
      for (const norm of ["input_layernorm.weight", "post_attention_layernorm.weight"]) {
        const shape = [hiddenSize];
        layer.set(norm, { values: await float32(`${prefix}.${norm}`, shape), shape });
      }
      for (const norm of config.headNorms ? Object.values(HEAD_NORMS) : []) {
        const shape = [config.headSize];
        layer.set(norm, { values: await float32(`${prefix}.self_attn.${norm}`, shape), shape });
      }
      for (const target of TARGETS) {
        const { inputs, outputs } = linearSize(config, target);
        const inAttention = TARGETS.indexOf(target) < 4;
        const name = `${prefix}.${inAttention ? "self_attn" : "mlp"}.${target}`;
        const shape = [outputs, inputs];
        layer.set(`${target}.weight`, { values: await read(`${name}.weight`, shape, weightType), shape });
        if (hasBias(config, target)) {
          layer.set(`${target}.bias`, { values: await float32(`${name}.bias`, [outputs]), shape: [outputs] });
        }
      }
      layers.push(layer);
    }
    const table = [vocabSize, hiddenSize];
    const embedding = "model.embed_tokens.weight";
    const head = await float32(config.tiedEmbeddings ? embedding : "lm_head.weight", table);
    const rows = config.tiedEmbeddings ? head : await read(embedding, table, weightType);
    return {
      config,
      weightType,
      layers,
      finalNorm: await float32("model.norm.weight", [hiddenSize]),
      head,
      embed: (id, target, at) => {
        const row = rows.subarray(id * hiddenSize, (id + 1) * hiddenSize);
        target.set(row instanceof Float32Array ? row : float16ToFloat32(row), at);
      },
    };
  } finally {
    await source.close();
  }
}

async function readValues(
  source: TensorSource,
  { name, shape, as }: { name: string; shape: number[]; as: "float32" | "float16" },
  stage: string,
): Promise<Float32Array | Uint16Array> {
  const path = "model.safetensors";
  const info = source.tensors.get(name);
  if (!info || info.shape.length !== shape.length || info.shape.some((size, at) => size !== shape[at])) {
    const found = info ? `has shape [${info.shape}], not [${shape}]` : "is missing";
    throw new MalformedInput(`${stage} ${path}: tensor "${name}" ${found}. Fetch the model again.`, {
      stage,
      path,
    });
  }
  const { type } = info;
  if (type !== "F16" && type !== "BF16" && type !== "F32") {
    throw new Unsupported(
      `${stage} ${path}: tensor "${name}" is stored as ${type.slice(0, 20)} (F32, F16 or BF16 can be trained). Choose a base of one of these.`,
      { stage, path },
    );
  }
  if (type === "F32" || (type === "F16" && as === "float16")) {
    const { buffer, byteOffset } = await source.readBytes(name);
    const length = elementCount(shape);
    if (type === "F16") return new Uint16Array(buffer, byteOffset, length);
    const values = new Float32Array(buffer, byteOffset, length);
    return as === "float32" ? values : toFloat16(values, name, stage);
  }
  const bytes = await source.readBytes(name);
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, elementCount(shape));
  const values = type === "F16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);
  return as === "float32" ? values : toFloat16(values, name, stage);
}

function toFloat16(values: Float32Array, name: string, stage: string): Uint16Array {
  const bits = float32ToFloat16(values);
  if (bits.some((pattern) => (pattern & 0x7c00) === 0x7c00)) {
    throw new Unsupported(
      `${stage} model.safetensors: tensor "${name}" holds values beyond float16 (65504). Choose another base.`,
      { stage, path: "model.safetensors" },
    );
  }
  return bits;
}
