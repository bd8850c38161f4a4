import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../files.js";
import { MalformedInput, Unsupported } from "../errors.js";
import { printable } from "./printable.js";
import { parseRope, ropeFields } from "./rope-config.js";
import type { Rope } from "./rope.js";
import { usesSlidingWindow, windowFields } from "./sliding-window.js";

/** The architectures whose graphs, tensor names and metadata we know. */
export const ARCHITECTURES = ["llama", "qwen2", "qwen3"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** All of them, for messages. */
export const ARCHITECTURE_NAMES = "llama, qwen2 or qwen3";

/** The numbers of a decoder-only transformer that graphs, exports and memory estimates need. */
export type ModelConfig = Rope & {
  architecture: Architecture;
  vocabSize: number;
  hiddenSize: number;
  ffnSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  normEpsilon: number;
  /** Longest sequence the model was trained on, in tokens. */
  contextTokens: number;
  /** Whether the output matrix is the embedding itself. */
  tiedEmbeddings: boolean;
  /** Whether q, k and v have a bias: qwen2 always; llama where the config says so, and then o has one too. */
  attentionBias: boolean;
  /** Whether each head of queries and keys goes through an RMSNorm before it is rotated (qwen3). */
  headNorms: boolean;
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
  max_position_embeddings: size,
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  ...ropeFields,
  ...windowFields,
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
 * @source transformers `config.json`, classes LlamaConfig, Qwen2Config and Qwen3Config
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
    throw new Unsupported(`${stage} ${path}: ${what}. Choose a plain ${ARCHITECTURE_NAMES} model.`, {
      stage,
      path,
    });
  };
  const architecture = ARCHITECTURES.find((name) => name === config.model_type);
  if (!architecture)
    return refuse(`architecture "${printable(config.model_type)}" is not ${ARCHITECTURE_NAMES}`);
  if (usesSlidingWindow(config)) refuse("sliding-window attention is not computed here");
  if (config.mlp_bias) refuse("a bias in the feed-forward block is not computed here");
  if (config.hidden_act !== "silu") refuse(`activation "${printable(config.hidden_act)}" is not silu`);
  const { ropeTheta, ropeScaling } = parseRope(config, refuse);
  const heads = config.num_attention_heads;
  const kvHeads = config.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) refuse(`${heads} heads do not divide among ${kvHeads} key-value heads`);
  const headSize = config.head_dim ?? (architecture === "qwen3" ? 128 : config.hidden_size / heads);
  if (!Number.isInteger(headSize) || headSize % 2 !== 0)
    refuse(`head size ${headSize} is not an even whole number`);
  // What follows can be trained, but llama.cpp has no graph for it, so it could not be served.
  if (architecture !== "llama" && ropeScaling) refuse(`llama.cpp scales no positions of ${architecture}`);
  if (architecture === "qwen2" && heads * headSize !== config.hidden_size) {
    refuse(`${heads} heads of ${headSize} are not the hidden size ${config.hidden_size}, as llama.cpp wants`);
  }
  if (architecture === "qwen3" && config.attention_bias) refuse("llama.cpp knows no attention bias of qwen3");
  const eos = config.eos_token_id ?? [];
  return {
    architecture,
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    ffnSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads,
    kvHeads,
    headSize,
    normEpsilon: config.rms_norm_eps,
    ropeTheta,
    ropeScaling,
    contextTokens: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
    attentionBias: architecture === "qwen2" || (architecture === "llama" && config.attention_bias),
    headNorms: architecture === "qwen3",
    bosTokenId: config.bos_token_id ?? null,
    eosTokenIds: Array.isArray(eos) ? eos : [eos],
  };
}
