import { tokenKey } from "./noise.js";
import type { Sample } from "./sample.js";
import { separateRows, sharePrefixes } from "./share-prefixes.js";

/**
 * Samples that go through the model together.
 *
 * Their tokens are rows without any padding, and tokens with all the same before them are one row. Only attention sees
 * them in bins, several samples to a bin, where a token attends to itself and earlier tokens of its own sample; a row
 * of several samples has a place in the bin of each.
 */
export type PackedRun = {
  /** Token ids of the rows. */
  ids: Int32Array;
  /** Each row's position in its samples. */
  positions: Int32Array;
  /** What each row's random draws come from; see `noise.ts`. */
  keys: Uint32Array;
  bins: number;
  binLength: number;
  /** For each row its place in the bins, `bin * binLength + column`; the first one of a row with several. */
  places: Int32Array;
  /** The first so many rows have several places, one in each sample that they belong to: here all of them. */
  sharedPlaces: Int32Array[];
  /** For each place the row in it, 0 where there is none. */
  tokens: Int32Array;
  /** For each place the number of its sample, -1 where there is no token. */
  owners: Int32Array;
  /** Rows whose successor carries loss. */
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
 * @param keyOf what a sample's random draws come from, if there are any; then no two samples share rows
 */
export function packRun(samples: readonly Sample[], keyOf?: (sample: Sample) => number): PackedRun {
  const lengths = samples.map(lengthOf);
  const { binLength, bins } = chooseBins(lengths);
  const { rowsOf, count, shared } = keyOf ? separateRows(samples) : sharePrefixes(samples);
  const firstPlaces = new Int32Array(samples.length);
  bins.forEach((members, bin) => {
    let place = bin * binLength;
    for (const member of members) {
      firstPlaces[member] = place;
      place += lengths[member]!;
    }
  });
  const ids = new Int32Array(count);
  const positions = new Int32Array(count);
  const keys = new Uint32Array(count);
  const places = new Int32Array(count).fill(-1);
  const sharedPlaces: number[][] = Array.from({ length: shared }, () => []);
  const tokens = new Int32Array(bins.length * binLength);
  const owners = new Int32Array(bins.length * binLength).fill(-1);
  const targetTokens: number[] = [];
  const targetIds: number[] = [];
  const targetWeights: number[] = [];
  samples.forEach((sample, owner) => {
    const key = keyOf?.(sample) ?? 0;
    rowsOf[owner]!.forEach((row, position) => {
      const place = firstPlaces[owner]! + position;
      ids[row] = sample.ids[position]!;
      positions[row] = position;
      keys[row] = tokenKey(key, position);
      if (places[row] === -1) places[row] = place;
      sharedPlaces[row]?.push(place);
      tokens[place] = row;
      owners[place] = owner;
      const weight = sample.weights[position + 1]!;
      if (weight > 0) {
        targetTokens.push(row);
        targetIds.push(sample.ids[position + 1]!);
        targetWeights.push(weight);
      }
    });
  });
  return {
    ids,
    positions,
    keys,
    bins: bins.length,
    binLength,
    places,
    sharedPlaces: sharedPlaces.map((all) => Int32Array.from(all)),
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
export function lengthOf({ ids }: Sample): number {
  return ids.length - 1;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
