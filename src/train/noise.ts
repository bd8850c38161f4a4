import type { TrainSettings } from "./settings.js";

/** Random changes, in training only, to what flows through the model; 0 is off. */
export type Noise = {
  /** The share of a LoRA pair's input values that are left out; the others grow by 1 / (1 − share). */
  dropout: number;
  /** NEFTune's alpha. */
  neftuneAlpha: number;
};

/** Undefined where both are off, so that nothing is drawn. */
export function noiseOf({ dropout, neftuneAlpha }: TrainSettings): Noise | undefined {
  return dropout > 0 || neftuneAlpha > 0 ? { dropout, neftuneAlpha } : undefined;
}

/**
 * Scrambles 32 bits; neighbouring numbers give unrelated ones.
 *
 * Every draw is such a hash of where it belongs: of the seed, step, sample, position, layer and feature. So forward,
 * backward and a resumed training see the same draws, and packing samples otherwise does not change them.
 *
 * @source lowbias32, Chris Wellons 2018 (public domain)
 */
export function mix(value: number): number {
  let x = value >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** The key of a sample's draws in one step. */
export function sampleKey(seed: number, step: number, place: number): number {
  return mix(mix(mix(seed) ^ step) ^ place);
}

/** The key of a token's draws. */
export function tokenKey(sample: number, position: number): number {
  return mix(sample + position);
}

/**
 * Fills a mask of inverted dropout: 0 with the probability `rate`, which is rounded to 1/65,536, else 1 / (1 − rate).
 *
 * @param mask [tokens, width]
 * @param keys of the tokens
 * @param stream a number of its own for each layer and activation
 */
export function fillDropout(mask: Float32Array, keys: Uint32Array, stream: number, rate: number): void {
  const limit = Math.round(rate * 65536);
  const kept = 65536 / (65536 - limit);
  const width = mask.length / keys.length;
  const salt = mix(stream + 1);
  for (let token = 0; token < keys.length; token += 1) {
    const row = mix(keys[token]! ^ salt);
    const first = token * width;
    // One hash serves two values; what an odd width writes too far, the next row writes again.
    for (let at = first, pair = 0; at < first + width; at += 2, pair += 1) {
      const bits = mix(row + pair);
      mask[at] = (bits & 0xffff) < limit ? 0 : kept;
      mask[at + 1] = bits >>> 16 < limit ? 0 : kept;
    }
  }
}

/** No layer's stream. */
const EMBEDDING_STREAM = 0xffffffff;

/**
 * Adds to a token's embedding what NEFTune draws: uniform within ±alpha / √(length · width).
 *
 * @param embedding [width]
 * @param length tokens of the sample that go through the model
 * @source Jain et al. 2023 (arXiv 2310.05914), algorithm 1
 */
export function addNeftune(embedding: Float32Array, key: number, length: number, alpha: number): void {
  const bound = alpha / Math.sqrt(length * embedding.length);
  const row = mix(key ^ mix(EMBEDDING_STREAM));
  for (let at = 0; at < embedding.length; at += 1) {
    embedding[at]! += bound * (mix(row + at) / 2 ** 31 - 1);
  }
}
