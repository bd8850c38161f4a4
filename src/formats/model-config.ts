import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../files.js";
import { MalformedInput, Unsupported } from "../errors.js";

/** The architectures whose graphs, tensor names and metadata we know. */
export const ARCHITECTURES = ["llama", "qwen2"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** The numbers of a decoder-only transformer that graphs, exports and memory estimates need. */
export type ModelConfig = {
  architecture: Architecture;
  vocabSize: number;
  hiddenSize: number;
  ffnSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  normEpsilon: number;
  ropeTheta: number;
  /** Longest sequence the model was trained on, in tokens. */
  contextTokens: number;
  /** Whether the output matrix is the embedding itself. */
  tiedEmbeddings: boolean;
  /** Whether q, k and v have a bias (qwen2 always; llama only where the config says so). */
  attentionBias: boolean;
  bosTokenId: number | null;
  eosTokenIds: number[];
};

const size = z
  .number()
  .int()
  .positive()
  .max(2 ** 31);
const tokenId = z.number().int().nonnegative();
const hfConfig = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  num_key_value_heads: size.optional(),
  head_dim: size.nullish(),
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive().default(10000),
  rope_scaling: z.unknown().optional(),
  max_position_embeddings: size,
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  hidden_act: z.string().default("silu"),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
});

/**
 * The configuration of the Hugging Face model in a folder.
 *
 * @param stage the stage word, for errors
 * @throws {MalformedInput} `config.json` is not JSON or a value is missing or impossible
 * @throws {Unsupported} another architecture, or a variant that our graphs do not compute
 * @source transformers `config.json`, classes LlamaConfig and Qwen2Config
 */
export async function readModelConfig(folder: string, stage: string): Promise<ModelConfig> {
  return parseModelConfig(await readJson(join(folder, "config.json"), stage), stage);
}

/** As `readModelConfig`, from the parsed `config.json`. */
export function parseModelConfig(json: unknown, stage: string): ModelConfig {
  const parsed = hfConfig.safeParse(json);
  const path = "config.json";
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MalformedInput(
      `${stage} ${path}: ${issue.path.join(".") || "value"}: ${issue.message}. Fetch the model again.`,
      { stage, path },
    );
  }
  const config = parsed.data;
  const refuse = (what: string): never => {
    throw new Unsupported(`${stage} ${path}: ${what}. Choose a plain llama or qwen2 model.`, { stage, path });
  };
  const architecture = ARCHITECTURES.find((name) => name === config.model_type);
  if (!architecture)
    return refuse(`architecture "${config.model_type.slice(0, 40)}" is not ${ARCHITECTURES.join(" or ")}`);
  if (config.use_sliding_window) refuse("sliding-window attention is not computed here");
  if (config.rope_scaling != null) refuse("scaled rotary positions (rope_scaling) are not computed here");
  if (config.mlp_bias) refuse("a bias in the feed-forward block is not computed here");
  if (config.hidden_act !== "silu") refuse(`activation "${config.hidden_act.slice(0, 40)}" is not silu`);
  const kvHeads = config.num_key_value_heads ?? config.num_attention_heads;
  if (config.num_attention_heads % kvHeads !== 0) {
    refuse(`${config.num_attention_heads} heads do not divide among ${kvHeads} key-value heads`);
  }
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0)
    refuse(`head size ${headSize} is not an even whole number`);
  const eos = config.eos_token_id ?? [];
  return {
    architecture,
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    ffnSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    kvHeads,
    headSize,
    normEpsilon: config.rms_norm_eps,
    ropeTheta: config.rope_theta,
    contextTokens: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
    attentionBias: architecture === "qwen2" || config.attention_bias,
    bosTokenId: config.bos_token_id ?? null,
    eosTokenIds: Array.isArray(eos) ? eos : [eos],
  };
}
