import { Unsupported } from "../../errors.js";
import { type Architecture, ARCHITECTURE_NAMES, ARCHITECTURES } from "../model-config.js";
import type { TensorInfo } from "../tensors.js";
import { MetadataReader } from "./metadata.js";
import type { GgufFile } from "./read.js";
import { scalingFromFactors } from "./rope-freqs.js";

/** The class that transformers loads each architecture with. */
export const CLASS_NAMES: Readonly<Record<Architecture, string>> = {
  llama: "LlamaForCausalLM",
  qwen2: "Qwen2ForCausalLM",
  qwen3: "Qwen3ForCausalLM",
};

/** The two configuration files of a Hugging Face folder. */
export type HuggingFaceConfig = {
  config: Record<string, unknown>;
  generationConfig: Record<string, unknown>;
};

/**
 * What `config.json` and `generation_config.json` would be for the model in a GGUF file, for float16 weights.
 *
 * @param ropeFreqs values of the tensor `rope_freqs.weight`, where the file has one
 * @throws {Unsupported} another architecture, rotary positions that are scaled otherwise than Llama 3's, or one part of
 *   a split file
 * @throws {MalformedInput} a value is missing or of another type
 * @source key names: GGUF specification; transformers LlamaConfig, Qwen2Config and Qwen3Config
 */
export function huggingFaceConfig(
  file: Pick<GgufFile, "metadata" | "tensors" | "name">,
  stage: string,
  ropeFreqs: Float32Array | null,
): HuggingFaceConfig {
  const metadata = new MetadataReader(file.metadata, stage, file.name);
  const refuse = (what: string): never => {
    const message = `${stage} ${file.name}: ${what}. Choose a plain ${ARCHITECTURE_NAMES} model.`;
    throw new Unsupported(message, { stage, path: file.name });
  };
  const name = metadata.require("general.architecture", metadata.string("general.architecture"));
  const architecture =
    ARCHITECTURES.find((known) => known === name) ?? refuse(`the architecture is not ${ARCHITECTURE_NAMES}`);
  const number = (key: string) => metadata.number(`${architecture}.${key}`);
  const needed = (key: string) => metadata.require(`${architecture}.${key}`, number(key));
  const scaling = metadata.string(`${architecture}.rope.scaling.type`);
  if (scaling !== undefined && scaling !== "none") {
    refuse(`rotary positions scaled as "${scaling.slice(0, 40)}" are not computed here (llama3 is)`);
  }
  if ((metadata.number("split.count") ?? 1) > 1) refuse("it is one part of a split file");

  const hiddenSize = needed("embedding_length");
  const heads = needed("attention.head_count");
  const headSize = number("attention.key_length") ?? hiddenSize / heads;
  if ((number("attention.value_length") ?? headSize) !== headSize) refuse("keys and values differ in size");
  if ((number("rope.dimension_count") ?? headSize) !== headSize)
    refuse("only a part of each head is rotated");
  const ropeTheta = shortest(number("rope.freq_base") ?? 10000);
  const special = (key: string) => metadata.number(`tokenizer.ggml.${key}_token_id`) ?? null;
  const ends = [special("eos"), special("eot")].filter((id) => id !== null);
  const config = {
    architectures: [CLASS_NAMES[architecture]],
    ...(architecture === "qwen2" ? {} : { attention_bias: file.tensors.has("blk.0.attn_q.bias") }),
    ...(architecture === "llama" ? { mlp_bias: false } : {}),
    attention_dropout: 0,
    bos_token_id: special("bos"),
    eos_token_id: ends[0] ?? null,
    ...(headSize * heads === hiddenSize && architecture !== "qwen3" ? {} : { head_dim: headSize }),
    hidden_act: "silu",
    hidden_size: hiddenSize,
    initializer_range: 0.02,
    intermediate_size: needed("feed_forward_length"),
    max_position_embeddings: needed("context_length"),
    model_type: architecture,
    num_attention_heads: heads,
    num_hidden_layers: needed("block_count"),
    num_key_value_heads: number("attention.head_count_kv") ?? heads,
    rms_norm_eps: shortest(needed("attention.layer_norm_rms_epsilon")),
    ...(ropeFreqs ? { rope_scaling: ropeScaling(ropeFreqs, { headSize, ropeTheta }, refuse) } : {}),
    rope_theta: ropeTheta,
    tie_word_embeddings: !file.tensors.has("output.weight"),
    torch_dtype: "float16",
    use_cache: true,
    vocab_size: vocabularyRows(file.tensors) ?? needed("vocab_size"),
  };
  const generationConfig = {
    bos_token_id: special("bos"),
    eos_token_id: [...new Set(ends)],
    pad_token_id: special("padding") ?? ends[0] ?? null,
  };
  return { config, generationConfig };
}

/** The `rope_scaling` of a configuration. */
function ropeScaling(
  factors: Float32Array,
  rope: { headSize: number; ropeTheta: number },
  refuse: (what: string) => never,
): object | null {
  const scaling = scalingFromFactors(factors, rope);
  if (scaling === undefined)
    return refuse("rotary positions scaled otherwise than Llama 3's are not computed here");
  if (scaling === null) return null;
  return {
    factor: scaling.factor,
    high_freq_factor: scaling.highFreqFactor,
    low_freq_factor: scaling.lowFreqFactor,
    original_max_position_embeddings: scaling.originalContextTokens,
    rope_type: "llama3",
  };
}

/** The embedding matrix decides: the key is missing from many files. */
function vocabularyRows(tensors: ReadonlyMap<string, TensorInfo>): number | undefined {
  return tensors.get("token_embd.weight")?.shape[0];
}

/** The shortest decimal number that is the same float32: 0.00001 for 0.000009999999747378752. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
