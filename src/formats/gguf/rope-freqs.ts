import { type Llama3Scaling, type Rope, ropeFactors, wavelength } from "../rope.js";

/** The tensor in which a GGUF file keeps scaled rotary positions, float32, [headSize / 2]. */
export const ROPE_FREQS = "rope_freqs.weight";

/** What the stretching of Llama 3.1 and later began with; only the factor differs from model to model. */
const LLAMA3 = { lowFreqFactor: 1, highFreqFactor: 4, originalContextTokens: 8192 };

/** What float32 and its rounded inverse frequencies may change in a factor, relatively. */
const TOLERANCE = 1e-4;

/** That tensor's values for a model with scaled positions. */
export function ropeFreqs(rope: Rope): Float32Array {
  return Float32Array.from(ropeFactors(rope));
}

/**
 * The scaling that gives these factors, which is how a GGUF file keeps it.
 *
 * Only the ratios of the original context to the two frequency factors can be seen in them, so that the lower factor is
 * taken to be 1, as it is in every model published.
 *
 * @param factors values of `rope_freqs.weight`
 * @returns null where nothing is scaled; undefined where these are not Llama 3's kind of factors
 */
export function scalingFromFactors(
  factors: Float32Array,
  rope: Omit<Rope, "ropeScaling">,
): Llama3Scaling | null | undefined {
  if (factors.every((factor) => factor === 1)) return null;
  const factor = factors.reduce((most, each) => Math.max(most, each), 1);
  const usual = { factor, ...LLAMA3 };
  return [usual, fit(factors, factor, rope)].find(
    (scaling) => scaling && fits(factors, { ...rope, ropeScaling: scaling }),
  );
}

/**
 * Between the limits, smooth = (1 / f − 1 / factor) / (1 − 1 / factor) is a straight line over the turns of a pair,
 * turns = originalContext / wavelength: two pairs there tell it.
 */
function fit(
  factors: Float32Array,
  factor: number,
  { headSize, ropeTheta }: Omit<Rope, "ropeScaling">,
): Llama3Scaling | undefined {
  const between = [...factors.keys()].filter((pair) => factors[pair]! > 1 && factors[pair]! < factor);
  const [first, last] = [between.at(0), between.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const smooth = (pair: number) => (1 / factors[pair]! - 1 / factor) / (1 - 1 / factor);
  const frequency = (pair: number) => 1 / wavelength(pair, headSize, ropeTheta);
  const slope = (smooth(first) - smooth(last)) / (frequency(first) - frequency(last));
  const start = slope * frequency(first) - smooth(first);
  const highFreqFactor = rounded(1 + 1 / start);
  return {
    factor,
    lowFreqFactor: 1,
    highFreqFactor,
    originalContextTokens: Math.round(slope * (highFreqFactor - 1)),
  };
}

function fits(factors: Float32Array, rope: Rope): boolean {
  const expected = ropeFactors(rope);
  return (
    expected.length === factors.length &&
    expected.every((value, pair) => Math.abs(value / factors[pair]! - 1) < TOLERANCE)
  );
}

/** To four digits: what is left of a number that was written by hand. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
