import { breathe, type Run } from "../progress.js";

/** A text is looked up by a piece of the greatest of these lengths that it has. */
const PIECES = [24, 8, 3] as const;
const BASE = 0x01000193;
/** Pieces are told apart by this many bits of their hash first: a table that the processor keeps near. */
const TABLE_BITS = 22;
const SHIFT = 32 - TABLE_BITS;
/** How rare a piece is, is judged from about so many characters of all texts. */
const SAMPLED_CHARACTERS = 4_000_000;
/** Texts between two reports. */
const STEP = 10_000;

/**
 * Which texts occur, as a whole, inside a text of another group.
 *
 * Each text is looked up by its rarest piece; wherever that occurs in another text, the whole is compared. So the
 * cost grows with the length of all texts, not with the number of pairs.
 *
 * @param texts of at least 3 characters each
 * @param groups the group of each text
 */
export async function findContained(
  texts: readonly string[],
  groups: ArrayLike<number>,
  run: Run = {},
): Promise<boolean[]> {
  const contained = Array.from(texts, () => false);
  // Equal texts of a group have one answer: the thousandth "ok?", "ok" is not looked for again.
  const firstEqual = new Map<string, number>();
  const firsts = Array.from(texts, (text, index) => {
    const key = `${groups[index]}\n${text}`;
    const first = firstEqual.get(key) ?? index;
    if (first === index) firstEqual.set(key, index);
    return first;
  });
  for (const length of PIECES) {
    const sought = [...firstEqual.values()].filter(
      (index) => PIECES.find((piece) => texts[index]!.length >= piece) === length,
    );
    if (sought.length === 0) continue;
    const wanted = rarestPieces(texts, sought, length);
    const isWanted = new Uint32Array(2 ** (TABLE_BITS - 5));
    for (const hash of wanted.keys()) isWanted[hash >>> (SHIFT + 5)]! |= 1 << ((hash >>> SHIFT) & 31);
    const lookUp = (container: number, hash: number, at: number): void => {
      for (const { index, offset } of wanted.get(hash) ?? []) {
        if (contained[index] || groups[index] === groups[container]) continue;
        if (at >= offset && texts[container]!.startsWith(texts[index]!, at - offset)) contained[index] = true;
      }
    };
    for (const [container, text] of texts.entries()) {
      if (container % STEP === 0) {
        await breathe(run, {
          stage: "dialogue",
          done: container,
          total: texts.length,
          unit: "dialogues",
          note: `parts of others, ${length} characters`,
        });
      }
      const hashes = hashPieces(text, length);
      for (let at = 0; at < hashes.length; at += 1) {
        const hash = hashes[at]!;
        if ((isWanted[hash >>> (SHIFT + 5)]! & (1 << ((hash >>> SHIFT) & 31))) !== 0)
          lookUp(container, hash, at);
      }
    }
  }
  return firsts.map((first) => contained[first]!);
}

type Place = { index: number; offset: number };

/** By hash, the texts whose rarest piece has it, and where in them it starts. */
function rarestPieces(
  texts: readonly string[],
  sought: readonly number[],
  length: number,
): Map<number, Place[]> {
  const wanted = new Map<number, Place[]>();
  const counts = new Uint32Array(2 ** TABLE_BITS);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const stride = Math.ceil(characters / SAMPLED_CHARACTERS);
  for (let at = 0; at < texts.length; at += stride) {
    for (const hash of hashPieces(texts[at]!, length)) counts[hash >>> SHIFT]! += 1;
  }
  for (const index of sought) {
    let best = { count: Infinity, hash: 0, offset: 0 };
    const hashes = hashPieces(texts[index]!, length);
    for (let offset = 0; offset < hashes.length && best.count > 1; offset += 1) {
      const hash = hashes[offset]!;
      const count = counts[hash >>> SHIFT]!;
      if (count < best.count) best = { count, hash, offset };
    }
    const place = { index, offset: best.offset };
    if (wanted.has(best.hash)) wanted.get(best.hash)!.push(place);
    else wanted.set(best.hash, [place]);
  }
  return wanted;
}

/** A 32-bit hash of each run of `length` characters, by where it starts; valid until the next call. */
function hashPieces(text: string, length: number): Uint32Array {
  const count = Math.max(0, text.length - length + 1);
  if (room.length < count) room = new Uint32Array(2 * count);
  let leading = 1;
  for (let power = 1; power < length; power += 1) leading = Math.imul(leading, BASE);
  let rolling = 0;
  for (let end = 0; end < text.length; end += 1) {
    if (end >= length) rolling = (rolling - Math.imul(leading, text.charCodeAt(end - length))) | 0;
    rolling = (Math.imul(rolling, BASE) + text.charCodeAt(end)) | 0;
    if (end >= length - 1) room[end - length + 1] = Math.imul(rolling ^ (rolling >>> 15), 0x2c1b3c6d);
  }
  return room.subarray(0, count);
}

let room = new Uint32Array(4096);
