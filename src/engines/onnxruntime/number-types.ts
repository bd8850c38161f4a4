import { inAttention, type Target } from "../../train/lora.js";
import type { Precision } from "../../train/settings.js";

/** How a base model is stored on disk; bfloat16 counts as float16, which is what is exported and served. */
export type StoredType = "float32" | "float16";

/**
 * How numbers are held and multiplied. Whatever is not named here is float32.
 *
 * Only the feed-forward block, three quarters of a small model's weights and nine tenths of a larger one's, is ever
 * rounded to 8 bits: attention's gradients are small differences of large numbers, and with its projections rounded too
 * single matrices got gradients of cosine 0.86 to 0.97 instead of 0.98.
 */
export type NumberTypes = {
  /** Attention's frozen matrices. Frozen matrices become float32 before anything is done with them. */
  attention: StoredType;
  /** The feed-forward block's frozen matrices. */
  feedForward: StoredType | "int8";
  /** What a layer's forward graph keeps for its backward graph. */
  kept: "float32" | "float16";
  /** The products of gradients with the feed-forward block's weights. */
  gradientProducts: "float32" | "int8";
};

/** @param int8 whether this processor has 8-bit products, see `hasInt8` */
export function numberTypes(precision: Precision, stored: StoredType, int8: boolean): NumberTypes {
  const gradientProducts = int8 ? "int8" : "float32";
  switch (precision) {
    case "exact":
      return { attention: stored, feedForward: stored, kept: "float32", gradientProducts: "float32" };
    case "fast":
      return { attention: stored, feedForward: stored, kept: "float16", gradientProducts };
    case "small":
      return { attention: stored, feedForward: "int8", kept: "float16", gradientProducts };
    default:
      return precision satisfies never;
  }
}

/** How a frozen matrix is held. */
export function weightType(types: NumberTypes, target: Target): StoredType | "int8" {
  return inAttention(target) ? types.attention : types.feedForward;
}

/** What the product of a gradient with a frozen matrix is computed in. */
export function gradientProduct(types: NumberTypes, target: Target): "float32" | "int8" {
  return inAttention(target) ? "float32" : types.gradientProducts;
}
