/**
 * Decodes Korean as Windows stores it: EUC-KR and what code page 949 adds to it: 8,822 syllables, € and ®.
 *
 * Node's own decoder for `euc-kr` lacks these, although the Encoding Standard has them; people write them (`됬`, `햏`).
 * The syllables stand in the order of Unicode on what EUC-KR leaves free, so that they can be counted off.
 *
 * @source Encoding Standard (WHATWG), 14.1 index EUC-KR; Microsoft code page 949
 */
export class CodePage949 {
  #lead = 0;

  /** The same calls as those of a `TextDecoder`. */
  decode(bytes: Uint8Array = new Uint8Array(), { stream = false }: { stream?: boolean } = {}): string {
    const table = (pairs ??= makePairs());
    const units = new Uint16Array(bytes.length + 1);
    let length = 0;
    let lead = this.#lead;
    for (const byte of bytes) {
      if (lead === 0) {
        if (byte < 0x80) units[length++] = byte;
        else if (byte === 0x80 || byte === 0xff) units[length++] = REPLACEMENT;
        else lead = byte;
        continue;
      }
      const unit = table[(lead << 8) | byte]!;
      lead = 0;
      units[length++] = unit || REPLACEMENT;
      // An ASCII byte that makes no pair stands for itself.
      if (unit === 0 && byte < 0x80) units[length++] = byte;
    }
    if (!stream && lead !== 0) {
      units[length++] = REPLACEMENT;
      lead = 0;
    }
    this.#lead = lead;
    return new TextDecoder("utf-16le").decode(units.subarray(0, length));
  }
}

const REPLACEMENT = 0xfffd;
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const FIRST_PRIVATE = 0xe000;
const LAST_PRIVATE = 0xf8ff;

let pairs: Uint16Array | undefined;

/** The code unit of each pair of bytes, or 0. */
function makePairs(): Uint16Array {
  const table = new Uint16Array(1 << 16);
  const decoder = new TextDecoder("euc-kr");
  const known = new Set<number>();
  for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      const unit = text.length === 1 ? text.charCodeAt(0) : REPLACEMENT;
      if (unit === REPLACEMENT || (unit >= FIRST_PRIVATE && unit <= LAST_PRIVATE)) continue;
      table[(lead << 8) | trail] = unit;
      known.add(unit);
    }
  }
  table[0xa2e6] = 0x20ac;
  table[0xa2e7] = 0xae;
  const free = freePairs();
  for (let unit = FIRST_SYLLABLE; unit <= LAST_SYLLABLE; unit += 1) {
    if (!known.has(unit)) table[free.next().value!] = unit;
  }
  return table;
}

/** The places of the added syllables: up to lead 0xA0 all trails, behind it those that EUC-KR does not use. */
function* freePairs(): Generator<number, undefined> {
  for (let lead = 0x81; lead <= 0xc6; lead += 1) {
    const last = lead <= 0xa0 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail += 1) {
      const letter = trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a);
      if (letter || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
}
