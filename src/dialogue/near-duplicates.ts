import { createRandom } from "../random.js";

/** 16 bands of 4 rows find a pair of similarity 0.8 with a chance of 0.9998. */
const BANDS = 16;
const ROWS = 4;
const GRAM = 3;

/**
 * Pairs of texts that share at least `threshold` of their character 3-grams (Jaccard), found by MinHash and then
 * counted exactly. Not every pair within a group of alike texts is given, but enough to join the group.
 *
 * @param texts normalised, of 3 characters at least
 * @param joined whether two texts are known to belong together already; such pairs are passed over
 * @param found called with the indexes of a pair
 * @source A. Broder, "On the resemblance and containment of documents", 1997; banding after Leskovec, Rajaraman and
 * Ullman, "Mining of Massive Datasets", section 3.4
 */
export function findNearDuplicates(
  texts: readonly string[],
  threshold: number,
  joined: (a: number, b: number) => boolean,
  found: (a: number, b: number) => void,
): void {
  const signatures = minHashes(texts);
  for (let band = 0; band < BANDS; band += 1) {
    const buckets = new Map<string, number[]>();
    for (let index = 0; index < texts.length; index += 1) {
      const start = index * BANDS * ROWS + band * ROWS;
      const key = signatures.subarray(start, start + ROWS).join();
      const bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, [index]);
        continue;
      }
      const grams = gramSet(texts[index]!);
      for (const other of bucket) {
        if (!joined(index, other) && jaccard(grams, gramSet(texts[other]!)) >= threshold) found(index, other);
      }
      bucket.push(index);
    }
  }
}

/** BANDS * ROWS smallest hashes of each text, one text after the other. */
function minHashes(texts: readonly string[]): Uint32Array {
  const size = BANDS * ROWS;
  const random = createRandom("minhash");
  const factors = Int32Array.from({ length: size }, () => (random() * 2 ** 32) | 1);
  const offsets = Int32Array.from({ length: size }, () => random() * 2 ** 32);
  const signatures = new Uint32Array(texts.length * size).fill(0xffffffff);
  for (const [index, text] of texts.entries()) {
    const signature = signatures.subarray(index * size, (index + 1) * size);
    for (const gram of new Set(gramHashes(text))) {
      for (let at = 0; at < size; at += 1) {
        const value = (Math.imul(gram, factors[at]!) + offsets[at]!) >>> 0;
        if (value < signature[at]!) signature[at] = value;
      }
    }
  }
  return signatures;
}

function* gramHashes(text: string): Iterable<number> {
  for (let at = 0; at + GRAM <= text.length; at += 1) {
    let hash = 0x811c9dc5;
    for (let offset = 0; offset < GRAM; offset += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at + offset), 0x01000193);
    }
    yield Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  }
}

function gramSet(text: string): Set<string> {
  const grams = new Set<string>();
  for (let at = 0; at + GRAM <= text.length; at += 1) grams.add(text.slice(at, at + GRAM));
  return grams;
}

/** The share of common members among all members of two sets. */
function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared += 1;
  return shared / (a.size + b.size - shared);
}
