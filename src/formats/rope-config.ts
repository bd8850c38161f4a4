import { z } from "zod";
import type { Llama3Scaling } from "./rope.js";

const positive = z.number().positive();
const parameters = z.looseObject({
  rope_type: z.string().optional(),
  /** The older spelling of `rope_type`. */
  type: z.string().optional(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: z.number().nullish(),
  factor: z.number().min(1).optional(),
  low_freq_factor: positive.optional(),
  high_freq_factor: positive.optional(),
  original_max_position_embeddings: positive.optional(),
});

/** Where a `config.json` tells of rotary positions: transformers 4 spells the first two, 5 the third. */
export const ropeFields = {
  rope_theta: positive.nullish(),
  rope_scaling: parameters.nullish(),
  rope_parameters: parameters.nullish(),
  partial_rotary_factor: z.number().nullish(),
  original_max_position_embeddings: positive.nullish(),
};

type RopeFields = z.infer<z.ZodObject<typeof ropeFields>> & { max_position_embeddings: number };

/**
 * The rotary positions that a parsed `config.json` describes.
 *
 * @param refuse is told, in a few words, what we do not compute
 * @source transformers 5.6 `RotaryEmbeddingConfigMixin`: what wins over what, and the defaults
 */
export function parseRope(
  config: RopeFields,
  refuse: (what: string) => never,
): { ropeTheta: number; ropeScaling: Llama3Scaling | null } {
  const found = config.rope_scaling ?? config.rope_parameters ?? {};
  if ("full_attention" in found || "sliding_attention" in found) {
    refuse("rotary positions that differ by layer are not computed here");
  }
  if ((found.partial_rotary_factor ?? config.partial_rotary_factor ?? 1) !== 1) {
    refuse("rotary positions of a part of each head are not computed here");
  }
  const ropeTheta = found.rope_theta ?? config.rope_theta ?? 10_000;
  const type = found.rope_type ?? found.type ?? "default";
  if (type === "default") return { ropeTheta, ropeScaling: null };
  if (type !== "llama3") {
    return refuse(`rotary positions scaled as "${type.slice(0, 40)}" are not computed here (llama3 is)`);
  }
  const { factor, low_freq_factor: lowFreqFactor, high_freq_factor: highFreqFactor } = found;
  if (factor === undefined || lowFreqFactor === undefined || highFreqFactor === undefined) {
    return refuse("llama3 rotary positions need factor, low_freq_factor and high_freq_factor");
  }
  if (highFreqFactor <= lowFreqFactor) {
    refuse(`high_freq_factor ${highFreqFactor} is not above low_freq_factor ${lowFreqFactor}`);
  }
  const originalContextTokens =
    config.original_max_position_embeddings ??
    found.original_max_position_embeddings ??
    config.max_position_embeddings;
  return { ropeTheta, ropeScaling: { factor, lowFreqFactor, highFreqFactor, originalContextTokens } };
}
