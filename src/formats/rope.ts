/**
 * How Llama 3.1 and later stretch their rotary positions: slow pairs turn `factor` times slower, fast ones as before,
 * those between in between. Keys as in `config.json`.
 */
export type Llama3Scaling = {
  /** At least 1. */
  factor: number;
  /** Pairs that turn fewer times than this in the original context are slowed by the whole factor. */
  lowFreqFactor: number;
  /** Pairs that turn more often are left alone; greater than `lowFreqFactor`. */
  highFreqFactor: number;
  /** The context before stretching, in tokens. */
  originalContextTokens: number;
};

/** What a model's rotary positions depend on. */
export type Rope = { headSize: number; ropeTheta: number; ropeScaling: Llama3Scaling | null };

/**
 * By how much each pair of a head turns slower than without scaling, [headSize / 2], each at least 1.
 *
 * @source transformers `_compute_llama3_parameters`; llama.cpp keeps the same numbers in the tensor `rope_freqs.weight`
 */
export function ropeFactors({ headSize, ropeTheta, ropeScaling }: Rope): Float64Array {
  const factors = new Float64Array(headSize / 2).fill(1);
  if (ropeScaling === null) return factors;
  const { factor, lowFreqFactor, highFreqFactor, originalContextTokens } = ropeScaling;
  return factors.map((_, pair) => {
    const turns = originalContextTokens / wavelength(pair, headSize, ropeTheta);
    if (turns > highFreqFactor) return 1;
    if (turns < lowFreqFactor) return factor;
    const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

/** Positions, in tokens, after which a pair has turned once. */
export function wavelength(pair: number, headSize: number, theta: number): number {
  return 2 * Math.PI * theta ** ((2 * pair) / headSize);
}
