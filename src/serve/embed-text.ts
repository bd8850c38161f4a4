import { asItBegins } from "../formats/template/encode.js";
import type { Run } from "../progress.js";
import type { Lease } from "./model-pool.js";

/**
 * A text as a vector of length 1: the direction of the mean of its tokens' last hidden states, of which the mark that
 * the model's conversations begin with is one.
 *
 * @param ids of the text
 * @param dimensions keeps only so many of the first values
 */
export async function embedText(
  lease: Lease,
  ids: readonly number[],
  dimensions: number | null | undefined,
  run: Run,
): Promise<Float32Array> {
  const vector = (await meanState(lease, ids, run)).subarray(0, dimensions ?? undefined);
  const length = Math.hypot(...vector);
  // A vector without a direction stays as it is.
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** The mean itself, whatever its length. */
export function meanState({ model, codec }: Lease, ids: readonly number[], run: Run): Promise<Float32Array> {
  return model.embed(asItBegins(codec.tokenizer, codec.template, ids), run);
}
