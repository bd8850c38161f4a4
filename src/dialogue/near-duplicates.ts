import { breathe, type Run } from "../progress.js";

/** 16 bands of 4 rows find a pair of similarity 0.8 with a chance of 0.9998. */
const BANDS = 16;
const ROWS = 4;
const SIZE = BANDS * ROWS;
const GRAM = 3;
/** A text is held against so many of the last ones with an equal band: enough to join a crowd of copies in a chain. */
const LATEST = 32;
/** Texts between two reports. */
const STEP = 10_000;

/** What is asked about pairs of texts, each by its index. */
export type Pairs = {
  /** At least this share of their character 3-grams is common (Jaccard). */
  threshold: number;
  /** Whether two are known to belong together already; such pairs are passed over. */
  joined: (a: number, b: number) => boolean;
  found: (a: number, b: number) => void;
};

/**
 * Pairs of texts that share at least `threshold` of their character 3-grams, found by MinHash and then counted exactly.
 * Not every pair within a group of alike texts is given, but enough to join the group.
 *
 * @param texts normalised, of 3 characters at least, all different
 * @source A. Broder, "On the resemblance and containment of documents", 1997; banding after Leskovec, Rajaraman and
 * Ullman, "Mining of Massive Datasets", section 3.4
 */
export async function findNearDuplicates(
  texts: readonly string[],
  { threshold, joined, found }: Pairs,
  run: Run = {},
): Promise<void> {
  const step = (done: number): Promise<void> =>
    breathe(run, { stage: "dialogue", done, total: texts.length, unit: "texts", note: "near copies" });
  // Four standard deviations: of 30,000 pairs above the threshold one falls below this by chance.
  const fewest = SIZE * threshold - 4 * Math.sqrt(SIZE * threshold * (1 - threshold));
  const signatures = new Uint32Array(texts.length * SIZE);
  for (const [index, text] of texts.entries()) {
    if (index % STEP === 0) await step(index);
    sketch(text, signatures.subarray(index * SIZE, (index + 1) * SIZE));
  }
  const buckets = new Int32Array(2 ** Math.ceil(Math.log2(texts.length + 1)));
  const keys = new Uint32Array(texts.length);
  /** The text before each in its bucket; -1 for none. */
  const before = new Int32Array(texts.length);
  for (let band = 0; band < BANDS; band += 1) {
    await step(texts.length);
    buckets.fill(-1);
    for (let index = 0; index < texts.length; index += 1) {
      const key = bandKey(signatures, index * SIZE + band * ROWS);
      const bucket = key & (buckets.length - 1);
      let other = buckets[bucket]!;
      keys[index] = key;
      before[index] = other;
      buckets[bucket] = index;
      let grams: Float64Array | undefined;
      for (let count = 0; other >= 0 && count < LATEST; other = before[other]!) {
        if (keys[other] !== key) continue;
        count += 1;
        if (equalPlaces(signatures, index * SIZE, other * SIZE) < fewest || joined(index, other)) continue;
        grams ??= sortedGrams(texts[index]!);
        if (jaccard(grams, sortedGrams(texts[other]!)) >= threshold) found(index, other);
      }
    }
  }
}

/**
 * Fills a signature: two texts have as many equal places as they share of their 3-grams, on average.
 *
 * Each 3-gram is hashed once a round and put into the place that the hash names, until no place is empty; so a long
 * text costs two rounds, not one for every place.
 *
 * @source S. Dahlgaard, M. Knudsen and M. Thorup, "Fast similarity sketching", 2017
 */
function sketch(text: string, signature: Uint32Array): void {
  let empty = SIZE;
  // Values grow from round to round, so that a place keeps its first round's smallest.
  const full = 2 * SIZE;
  signature.fill(0xffffffff);
  for (let round = 0; round < full && empty > 0; round += 1) {
    for (let at = 0; at + GRAM <= text.length; at += 1) {
      const hash = mix(gramHash(text, at) ^ Math.imul(round + 1, 0x9e3779b1));
      // In the second half each round is for one place, so that even a single 3-gram fills all of them.
      const place = round < SIZE ? hash % SIZE : round - SIZE;
      const value = round * 2 ** 25 + (hash >>> 7);
      const before = signature[place]!;
      if (before === 0xffffffff) empty -= 1;
      if (value < before) signature[place] = value;
    }
  }
}

function gramHash(text: string, at: number): number {
  let hash = 0x811c9dc5;
  for (let offset = 0; offset < GRAM; offset += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at + offset), 0x01000193);
  }
  return hash;
}

/** 32 bits of which each depends on all given ones. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function bandKey(signatures: Uint32Array, start: number): number {
  let key = 0;
  for (let row = start; row < start + ROWS; row += 1) key = mix(key ^ signatures[row]!);
  return key;
}

function equalPlaces(signatures: Uint32Array, first: number, second: number): number {
  let equal = 0;
  for (let at = 0; at < SIZE; at += 1) if (signatures[first + at] === signatures[second + at]) equal += 1;
  return equal;
}

/** The 3-grams of a text as numbers, each once, in order. */
function sortedGrams(text: string): Float64Array {
  const grams = new Float64Array(text.length - GRAM + 1);
  for (let at = 0; at < grams.length; at += 1) {
    grams[at] = text.charCodeAt(at) * 2 ** 32 + text.charCodeAt(at + 1) * 2 ** 16 + text.charCodeAt(at + 2);
  }
  grams.sort();
  let count = 0;
  for (const gram of grams) {
    if (count === 0 || gram !== grams[count - 1]) grams[count++] = gram;
  }
  return grams.subarray(0, count);
}

/** The share of common members among all members of two sets, given in order. */
function jaccard(a: Float64Array, b: Float64Array): number {
  let [shared, first, second] = [0, 0, 0];
  while (first < a.length && second < b.length) {
    const [one, other] = [a[first]!, b[second]!];
    if (one === other) shared += 1;
    if (one <= other) first += 1;
    if (other <= one) second += 1;
  }
  return shared / (a.length + b.length - shared);
}
