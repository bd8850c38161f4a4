import type { ModelConfig } from "../formats/model-config.js";
import { createRandom } from "../random.js";

/** The linear layers of a block that may get a LoRA pair, named as Hugging Face names them. */
export const TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type Target = (typeof TARGETS)[number];

/** Whether a layer belongs to the attention block; the others are the feed-forward block. */
export function inAttention(target: Target): boolean {
  return TARGETS.indexOf(target) < 4;
}

/** The shape of a LoRA adapter: `W + scale · B · A` replaces `W`; `loraScale` says which scale. */
export type Lora = {
  rank: number;
  alpha: number;
  /** Whether the scale is alpha / √rank instead of alpha / rank. */
  rslora: boolean;
  targets: readonly Target[];
};

/**
 * What the product of a pair is multiplied by.
 *
 * @source Hu et al. 2021, section 4.1; rank-stabilized: Kalajdzievski 2023 (arXiv 2312.03732), section 3
 */
export function loraScale({ rank, alpha, rslora }: Pick<Lora, "rank" | "alpha" | "rslora">): number {
  return alpha / (rslora ? Math.sqrt(rank) : rank);
}

/** One matrix of an adapter and its place in the flat array of all of them. */
export type LoraTensor = {
  layer: number;
  target: Target;
  /** A is [rank, inputs], B is [outputs, rank]. */
  matrix: "A" | "B";
  rows: number;
  columns: number;
  /** Index of its first element. */
  offset: number;
};

/** Targets that read the same activations. Their A matrices lie next to each other, so that one product serves all. */
export const TARGET_GROUPS = [
  ["q_proj", "k_proj", "v_proj"],
  ["o_proj"],
  ["gate_proj", "up_proj"],
  ["down_proj"],
] as const satisfies readonly (readonly Target[])[];

/** Inputs and outputs of a linear layer. */
export function linearSize(config: ModelConfig, target: Target): { inputs: number; outputs: number } {
  const { hiddenSize, ffnSize, headSize } = config;
  const queries = config.heads * headSize;
  const keys = config.kvHeads * headSize;
  switch (target) {
    case "q_proj":
      return { inputs: hiddenSize, outputs: queries };
    case "k_proj":
    case "v_proj":
      return { inputs: hiddenSize, outputs: keys };
    case "o_proj":
      return { inputs: queries, outputs: hiddenSize };
    case "gate_proj":
    case "up_proj":
      return { inputs: hiddenSize, outputs: ffnSize };
    case "down_proj":
      return { inputs: ffnSize, outputs: hiddenSize };
    default:
      return target satisfies never;
  }
}

/** Whether a linear layer of the base adds a bias; none of them is trained. */
export function hasBias({ architecture, attentionBias }: ModelConfig, target: Target): boolean {
  if (!attentionBias) return false;
  // transformers' llama has a bias at the output of attention too, its qwen2 does not.
  return target === "o_proj" ? architecture === "llama" : ["q_proj", "k_proj", "v_proj"].includes(target);
}

/** An adapter's matrices in one flat float32 array of that length. */
export type LoraLayout = { tensors: LoraTensor[]; length: number };

/** Where each matrix of an adapter lies in one flat float32 array: by layer, by group, the group's As, then its Bs. */
export function layoutLora(config: ModelConfig, lora: Lora): LoraLayout {
  const tensors: LoraTensor[] = [];
  let length = 0;
  for (let layer = 0; layer < config.layers; layer += 1) {
    for (const group of TARGET_GROUPS) {
      for (const matrix of ["A", "B"] as const) {
        for (const target of group) {
          if (!lora.targets.includes(target)) continue;
          const { inputs, outputs } = linearSize(config, target);
          const rows = matrix === "A" ? lora.rank : outputs;
          const columns = matrix === "A" ? inputs : lora.rank;
          tensors.push({ layer, target, matrix, rows, columns, offset: length });
          length += rows * columns;
        }
      }
    }
  }
  return { tensors, length };
}

/** The name of a matrix in a PEFT adapter's file. */
export function peftName({ layer, target, matrix }: LoraTensor): string {
  const block = inAttention(target) ? "self_attn" : "mlp";
  return `base_model.model.model.layers.${layer}.${block}.${target}.lora_${matrix}.weight`;
}

/**
 * The first weights of an adapter: B is zero, so that it changes nothing; A is uniform within ±1/√inputs.
 *
 * @source PEFT, `LoraLayer.reset_lora_parameters`: kaiming uniform with a = √5
 */
export function initLora(config: ModelConfig, lora: Lora, seed: number): Float32Array {
  const { tensors, length } = layoutLora(config, lora);
  const weights = new Float32Array(length);
  for (const { layer, target, matrix, rows, columns, offset } of tensors) {
    if (matrix === "B") continue;
    const random = createRandom(`lora ${seed} ${layer} ${target}`);
    const bound = 1 / Math.sqrt(columns);
    for (let at = offset; at < offset + rows * columns; at += 1) weights[at] = (2 * random() - 1) * bound;
  }
  return weights;
}
