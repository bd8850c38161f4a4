import { MalformedInput, Unsupported } from "../../errors.js";
import { float32ToFloat16 } from "../../formats/half.js";
import { readModelConfig, type ModelConfig } from "../../formats/model-config.js";
import { elementCount } from "../../formats/plain.js";
import { openModelTensors } from "../../formats/safetensors/read.js";
import type { TensorSource } from "../../formats/tensors.js";
import { hasBias, inAttention, linearSize, TARGETS } from "../../train/lora.js";
import type { Run } from "../../progress.js";
import { storedEmbedding, tiedEmbedding, type Embedding } from "./embedding.js";
import { blockSize, roundToInt8 } from "./int8-weights.js";
import type { Matrix, PlainMatrix } from "./matrix.js";
import { weightType, type NumberTypes, type StoredType } from "./number-types.js";
import { HEAD_NORMS } from "./heads.js";

/** A frozen base model in memory, each matrix once; an embedding of its own stays in its file. */
export type BaseWeights = Embedding & {
  config: ModelConfig;
  /** By layer, under the graphs' input names: `q_proj.weight`, `q_proj.bias`, `input_layernorm.weight` … */
  layers: Map<string, Matrix>[];
  finalNorm: Float32Array;
  /** The output matrix, [vocab, hidden], as stored. */
  head: PlainMatrix;
  close(): Promise<void>;
};

/** Bytes that `readBaseWeights` will hold. */
export function baseWeightBytes(config: ModelConfig, types: NumberTypes): number {
  const linears = TARGETS.reduce((sum, target) => {
    const { inputs, outputs } = linearSize(config, target);
    const type = weightType(types, target);
    const scales = type === "int8" ? 2 * (inputs / blockSize(inputs)) : 0;
    return sum + outputs * (inputs * BYTES[type] + scales);
  }, 0);
  return config.layers * linears + config.vocabSize * config.hiddenSize * BYTES[types.attention];
}

const BYTES = { float32: 4, float16: 2, int8: 1 } as const;

/** How the matrices of a model are stored; only headers are read. */
export async function storedType(folder: string, stage: string): Promise<StoredType> {
  const source = await openModelTensors(folder, stage);
  await source.close();
  return typeOf(source);
}

function typeOf(source: TensorSource): StoredType {
  return source.tensors.get("model.layers.0.self_attn.q_proj.weight")?.type === "F32" ? "float32" : "float16";
}

/**
 * Reads a model tensor by tensor.
 *
 * Bfloat16 becomes float16, which is what is exported and served: exact but for magnitudes under 6e-5, which move by
 * at most 3e-8. An embedding of its own stays in its file, which is open until `close`.
 *
 * @param types how to hold the linear layers' matrices: as stored, or rounded to 8 bits
 * @param stage the stage word, for errors
 * @throws {MalformedInput} a tensor is missing or has another shape than the configuration says
 * @throws {Unsupported} a stored type other than F32, F16 and BF16, or a value that float16 cannot hold
 */
export async function readBaseWeights(
  folder: string,
  types: NumberTypes,
  stage: string,
  run: Run = {},
): Promise<BaseWeights> {
  const config = await readModelConfig(folder, stage);
  const source = await openModelTensors(folder, stage);
  try {
    const { hiddenSize, vocabSize } = config;
    const stored = typeOf(source);
    const float32 = async (name: string, shape: number[]): Promise<Matrix<Float32Array>> => ({
      values: (await readValues(source, { name, shape, as: "float32" }, stage)) as Float32Array,
      shape,
    });
    const asStored = async (name: string, shape: number[]): Promise<PlainMatrix> => ({
      values: await readValues(source, { name, shape, as: stored }, stage),
      shape,
    });

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
        layer.set(norm, await float32(`${prefix}.${norm}`, [hiddenSize]));
      }
      for (const norm of config.headNorms ? Object.values(HEAD_NORMS) : []) {
        layer.set(norm, await float32(`${prefix}.self_attn.${norm}`, [config.headSize]));
      }
      for (const target of TARGETS) {
        const { inputs, outputs } = linearSize(config, target);
        const name = `${prefix}.${inAttention(target) ? "self_attn" : "mlp"}.${target}`;
        const shape = [outputs, inputs];
        if (weightType(types, target) === "int8") {
          const { values, scales } = roundToInt8((await float32(`${name}.weight`, shape)).values, inputs);
          layer.set(`${target}.weight`, { values, shape });
          layer.set(`${target}.scales`, { values: scales, shape: [scales.length] });
        } else layer.set(`${target}.weight`, await asStored(`${name}.weight`, shape));
        if (hasBias(config, target)) layer.set(`${target}.bias`, await float32(`${name}.bias`, [outputs]));
      }
      layers.push(layer);
    }
    const table = [vocabSize, hiddenSize];
    const embedding = "model.embed_tokens.weight";
    checkTensor(source, embedding, table, stage);
    const head = await asStored(config.tiedEmbeddings ? embedding : "lm_head.weight", table);
    return {
      config,
      layers,
      finalNorm: (await float32("model.norm.weight", [hiddenSize])).values,
      head,
      ...(config.tiedEmbeddings ? tiedEmbedding(head) : storedEmbedding(source, embedding)),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Bytes of a matrix that are converted at once. */
const PART_BYTES = 4 * 2 ** 20;

/** A tensor's values; one that has to be converted is read in parts, so that it is in memory once. */
async function readValues(
  source: TensorSource,
  { name, shape, as }: { name: string; shape: number[]; as: StoredType },
  stage: string,
): Promise<Float32Array | Uint16Array> {
  const type = checkTensor(source, name, shape, stage);
  const length = elementCount(shape);
  if (type === (as === "float32" ? "F32" : "F16")) {
    const { buffer, byteOffset } = await source.readBytes(name);
    return as === "float32"
      ? new Float32Array(buffer, byteOffset, length)
      : new Uint16Array(buffer, byteOffset, length);
  }
  const rows = shape[0]!;
  const columns = length / rows;
  const values = as === "float32" ? new Float32Array(length) : new Uint16Array(length);
  const step = Math.max(1, Math.floor(PART_BYTES / (4 * columns)));
  for (let first = 0; first < rows; first += step) {
    const part = await source.readFloat32(name, { first, count: Math.min(step, rows - first) });
    values.set(as === "float32" ? part : toFloat16(part, name, stage), first * columns);
  }
  return values;
}

/** The type a tensor is stored as, if it is there in the right shape and can be read. */
function checkTensor(
  source: TensorSource,
  name: string,
  shape: readonly number[],
  stage: string,
): "F16" | "BF16" | "F32" {
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
  return type;
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
