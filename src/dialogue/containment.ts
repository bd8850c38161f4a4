/** A text is looked up by a piece of the greatest of these lengths that it has. */
const PIECES = [24, 8, 3] as const;
const BASE = 0x01000193;
/** Pieces are counted by this many bits of their hash. */
const TABLE_BITS = 22;

/**
 * Which texts occur, as a whole, inside a text of another group.
 *
 * Each text is looked up by its rarest piece; wherever that occurs in another text, the whole is compared. So the
 * cost grows with the length of all texts, not with the number of pairs.
 *
 * @param texts of at least 3 characters each
 * @param groups the group of each text
 */
export function findContained(texts: readonly string[], groups: ArrayLike<number>): boolean[] {
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
    const wanted = rarestPieces(texts, sought, length);
    if (wanted.size === 0) continue;
    const hasWanted = new Uint8Array(2 ** TABLE_BITS);
    for (const hash of wanted.keys()) hasWanted[hash >>> (32 - TABLE_BITS)] = 1;
    for (const [container, text] of texts.entries()) {
      eachPiece(text, length, (hash, at) => {
        if (hasWanted[hash >>> (32 - TABLE_BITS)] === 0) return;
        for (const { index, offset } of wanted.get(hash) ?? []) {
          if (contained[index] || groups[index] === groups[container]) continue;
          if (at >= offset && text.startsWith(texts[index]!, at - offset)) contained[index] = true;
        }
      });
    }
  }
  return firsts.map((first) => contained[first]!);
}

/** By hash, the texts whose rarest piece has it, and where in them it starts. */
function rarestPieces(
  texts: readonly string[],
  sought: readonly number[],
  length: number,
): Map<number, { index: number; offset: number }[]> {
  const wanted = new Map<number, { index: number; offset: number }[]>();
  if (sought.length === 0) return wanted;
  const counts = new Uint32Array(2 ** TABLE_BITS);
  for (const text of texts) eachPiece(text, length, (hash) => (counts[hash >>> (32 - TABLE_BITS)]! += 1));
  for (const index of sought) {
    let best = { count: Infinity, hash: 0, offset: 0 };
    eachPiece(texts[index]!, length, (hash, offset) => {
      const count = counts[hash >>> (32 - TABLE_BITS)]!;
      if (count < best.count) best = { count, hash, offset };
    });
    const place = { index, offset: best.offset };
    if (wanted.has(best.hash)) wanted.get(best.hash)!.push(place);
    else wanted.set(best.hash, [place]);
  }
  return wanted;
}

/** Calls back with a 32-bit hash of every run of `length` characters, and where it starts; the hash rolls along. */
function eachPiece(text: string, length: number, call: (hash: number, at: number) => void): void {
  let leading = 1;
  for (let power = 1; power < length; power += 1) leading = Math.imul(leading, BASE);
  let rolling = 0;
  for (let end = 0; end < text.length; end += 1) {
    if (end >= length) rolling = (rolling - Math.imul(leading, text.charCodeAt(end - length))) | 0;
    rolling = (Math.imul(rolling, BASE) + text.charCodeAt(end)) | 0;
    if (end >= length - 1) call(Math.imul(rolling ^ (rolling >>> 15), 0x2c1b3c6d) >>> 0, end - length + 1);
  }
}
