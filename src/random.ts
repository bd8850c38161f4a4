/** A stream of numbers uniform in [0, 1). */
export type Random = () => number;

/**
 * A seeded stream of random numbers: the same seed gives the same stream on every machine.
 *
 * @param seed any text or number; it is hashed, so neighbouring seeds are unrelated
 * @source generator sfc32, PractRand 0.94 (Chris Doty-Humphrey, public domain); seeding by FNV-1a
 */
export function createRandom(seed: string | number): Random {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(String(seed))) hash = Math.imul(hash ^ byte, 0x01000193);
  let a = hash;
  let b = Math.imul(hash, 0x85ebca6b);
  let c = Math.imul(hash, 0xc2b2ae35);
  let counter = 1;
  const next: Random = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let warmUp = 0; warmUp < 16; warmUp += 1) next();
  return next;
}

/** A normally distributed number with mean 0 and variance 1 (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A new array with the items in random order (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
