import { tokenKey } from "./noise.js";
import type { Sample } from "./sample.js";

/**
 * Samples that go through the model together.
 *
 * Their tokens lie one after the other without any padding; only attention sees them in bins, several samples to a
 * bin, where a token attends to itself and earlier tokens of its own sample.
 */
export type PackedRun = {
  /** Token ids; all samples in a row, each without its last token, which nothing comes after. */
  ids: Int32Array;
  /** Each token's position in its sample. */
  positions: Int32Array;
  /** What each token's random draws come from; see `noise.ts`. */
  keys: Uint32Array;
  bins: number;
  binLength: number;
  /** For each token the place in the bins, `bin * binLength + column`. */
  places: Int32Array;
  /** For each place the token in it, 0 where there is none. */
  tokens: Int32Array;
  /** For each place the number of its sample, -1 where there is no token. */
  owners: Int32Array;
  /** Tokens whose successor carries loss. */
  targetTokens: Int32Array;
  /** That successor's id. */
  targetIds: Int32Array;
  /** That successor's loss weight. */
  targetWeights: Float32Array;
};

/** Bins are a multiple of this long, so that few sizes occur and rows start aligned. */
const BIN_STEP = 32;
/** From this length on, attention costs more than padding saves. */
const LONGEST_SHARED_BIN = 512;

/**
 * Lays samples out for one run.
 *
 * @param keyOf what a sample's random draws come from; without it they are the same for all
 */
export function packRun(samples: readonly Sample[], keyOf: (sample: Sample) => number = () => 0): PackedRun {
  const lengths = samples.map(lengthOf);
  const { binLength, bins } = chooseBins(lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const binOf = new Int32Array(samples.length);
  const columnOf = new Int32Array(samples.length);
  bins.forEach((members, bin) => {
    let column = 0;
    for (const member of members) {
      binOf[member] = bin;
      columnOf[member] = column;
      column += lengths[member]!;
    }
  });
  const ids = new Int32Array(total);
  const positions = new Int32Array(total);
  const keys = new Uint32Array(total);
  const places = new Int32Array(total);
  const tokens = new Int32Array(bins.length * binLength);
  const owners = new Int32Array(bins.length * binLength).fill(-1);
  const targetTokens: number[] = [];
  const targetIds: number[] = [];
  const targetWeights: number[] = [];
  let token = 0;
  samples.forEach((sample, owner) => {
    const key = keyOf(sample);
    for (let position = 0; position < lengths[owner]!; position += 1, token += 1) {
      const place = binOf[owner]! * binLength + columnOf[owner]! + position;
      ids[token] = sample.ids[position]!;
      positions[token] = position;
      keys[token] = tokenKey(key, position);
      places[token] = place;
      tokens[place] = token;
      owners[place] = owner;
      const weight = sample.weights[position + 1]!;
      if (weight > 0) {
        targetTokens.push(token);
        targetIds.push(sample.ids[position + 1]!);
        targetWeights.push(weight);
      }
    }
  });
  return {
    ids,
    positions,
    keys,
    bins: bins.length,
    binLength,
    places,
    tokens,
    owners,
    targetTokens: Int32Array.from(targetTokens),
    targetIds: Int32Array.from(targetIds),
    targetWeights: Float32Array.from(targetWeights),
  };
}

/** The bin length, and which samples go into which bin, that give attention the least to do. */
function chooseBins(lengths: readonly number[]): { binLength: number; bins: number[][] } {
  const shortest = roundUp(Math.max(...lengths), BIN_STEP);
  let best = { binLength: shortest, bins: fillBins(lengths, shortest) };
  for (let binLength = shortest + BIN_STEP; binLength <= LONGEST_SHARED_BIN; binLength += BIN_STEP) {
    const bins = fillBins(lengths, binLength);
    if (bins.length * binLength ** 2 < best.bins.length * best.binLength ** 2) best = { binLength, bins };
  }
  return best;
}

/** Bins of a capacity, filled longest first, each into the fullest bin that has room (best fit decreasing). */
export function fillBins(lengths: readonly number[], capacity: number): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const bins: { members: number[]; room: number }[] = [];
  for (const index of order) {
    const length = lengths[index]!;
    let best: { members: number[]; room: number } | undefined;
    for (const bin of bins) if (bin.room >= length && (!best || bin.room < best.room)) best = bin;
    if (!best) bins.push((best = { members: [], room: capacity }));
    best.members.push(index);
    best.room -= length;
  }
  return bins.map(({ members }) => members);
}

/**
 * Samples in as few groups as their tokens need, of about equal size, none over `runTokens` tokens.
 * A run costs some time whatever its length, so two of 550 tokens beat one of 1,024 and one of 76.
 */
export function splitRuns(samples: readonly Sample[], runTokens: number): Sample[][] {
  const order = [...samples].sort((a, b) => lengthOf(b) - lengthOf(a));
  const total = samples.reduce((sum, sample) => sum + lengthOf(sample), 0);
  for (let count = Math.ceil(total / runTokens); ; count += 1) {
    const runs = Array.from({ length: count }, () => ({ members: [] as Sample[], tokens: 0 }));
    for (const sample of order) {
      const lightest = runs.reduce((a, b) => (b.tokens < a.tokens ? b : a));
      lightest.members.push(sample);
      lightest.tokens += lengthOf(sample);
    }
    if (runs.every(({ tokens }) => tokens <= runTokens) || count >= samples.length) {
      return runs.map(({ members }) => members).filter((members) => members.length > 0);
    }
  }
}

/** Tokens that go through the model: all but the last, which nothing comes after. */
function lengthOf({ ids }: Sample): number {
  return ids.length - 1;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
