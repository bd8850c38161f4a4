import type { Precision } from "../../train/settings.js";

/** How numbers are held and multiplied. Whatever is not named here is float32. */
export type NumberTypes = {
  /** The frozen matrices of the linear layers; they become float32 before anything is done with them. */
  weights: "float32" | "float16" | "int8";
  /** What a layer's forward graph keeps for its backward graph. */
  kept: "float32" | "float16";
  /** The products of gradients with weights, the larger half of the way back. */
  gradientProducts: "float32" | "int8";
};

/** How a base model is stored on disk; bfloat16 counts as float16, which is what is exported and served. */
export type StoredType = "float32" | "float16";

/** @param int8 whether this processor has 8-bit products, see `hasInt8` */
export function numberTypes(precision: Precision, stored: StoredType, int8: boolean): NumberTypes {
  const gradientProducts = int8 ? "int8" : "float32";
  switch (precision) {
    case "exact":
      return { weights: stored, kept: "float32", gradientProducts: "float32" };
    case "fast":
      return { weights: stored, kept: "float16", gradientProducts };
    case "small":
      return { weights: "int8", kept: "float16", gradientProducts };
    default:
      return precision satisfies never;
  }
}
