import { CodePage949 } from "./code-page-949.js";

/** How the files of an export may be stored; names as `TextDecoder` takes them. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "shift_jis" | "euc-kr";

const MARKS: [Encoding, number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["gb18030", [0x84, 0x31, 0x95, 0x33]],
];

/** Above this share of undecodable characters among the non-ASCII ones, a text was never in that encoding. */
const FOREIGN_SHARE = 0.1;

/** What a text in one of these is full of, and a text in another that is read as if it were has little of. */
const TELLING: [Encoding, RegExp, number][] = [
  // Kana are one character in two at least; read as such, Chinese becomes half-width katakana.
  ["shift_jis", /[\u3041-\u3096\u30a1-\u30fa]/g, 0.3],
  // Koreans hardly write anything else; half of the Chinese characters would become others.
  ["euc-kr", /[\uac00-\ud7a3\u3131-\u3163]/g, 0.85],
];
/** With fewer different characters than this, two languages cannot be told apart. */
const TELLING_CHARACTERS = 10;

/**
 * The encoding of a text: by byte order mark, else UTF-8, else what a re-save on Windows leaves: UTF-16, or where
 * the text is clearly Japanese or Korean Shift_JIS or EUC-KR (with the additions of code page 949), or GB18030.
 *
 * A UTF-8 file with a few broken bytes stays UTF-8: nearly any bytes are valid GB18030, and reading it so would
 * turn every character into another one.
 *
 * @param bytes the text or its start; a character that is cut off at its end is no damage
 */
export function chooseEncoding(bytes: Uint8Array): Encoding {
  const marked = markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (marked || isSound(bytes, "utf-8")) return marked ?? "utf-8";
  if (damagedShare(bytes, "utf-8") <= FOREIGN_SHARE) return "utf-8";
  for (const [encoding, characters, share] of TELLING) {
    const text = decode(bytes, encoding);
    const found = text.match(characters) ?? [];
    const enough = found.length >= share * countUnits(text, isForeign);
    if (enough && new Set(found).size >= TELLING_CHARACTERS) return encoding;
  }
  return damagedShare(bytes, "gb18030") <= FOREIGN_SHARE ? "gb18030" : "utf-8";
}

function markedEncoding(bytes: Uint8Array): Encoding | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
}

/** UTF-16 shows in the zero bytes of its ASCII characters, all on one side; no other text has zero bytes. */
function utf16WithoutMark(bytes: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  const end = Math.min(bytes.length, 4096);
  for (let at = 0; at < end; at += 1) if (bytes[at] === 0) zeros[at % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  if (even + odd < Math.max(1, end / 100)) return undefined;
  if (odd > 9 * even) return "utf-16le";
  return even > 9 * odd ? "utf-16be" : undefined;
}

/** What decodes pieces of a text; a byte order mark stays. */
export function createDecoder(encoding: Encoding): Pick<CodePage949, "decode"> {
  return encoding === "euc-kr" ? new CodePage949() : new TextDecoder(encoding, { ignoreBOM: true });
}

function isSound(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function damagedShare(bytes: Uint8Array, encoding: Encoding): number {
  const text = decode(bytes, encoding);
  const foreign = countUnits(text, isForeign);
  return foreign === 0 ? 0 : countUnits(text, isReplacement) / foreign;
}

function decode(bytes: Uint8Array, encoding: Encoding): string {
  return createDecoder(encoding).decode(bytes, { stream: true });
}

/** How many UTF-16 code units are so; texts are too long for a list of matches. */
export function countUnits(text: string, holds: (unit: number) => boolean): number {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) if (holds(text.charCodeAt(at))) found += 1;
  return found;
}

/** Whether a code unit is what undecodable bytes become. */
export function isReplacement(unit: number): boolean {
  return unit === 0xfffd;
}

function isForeign(unit: number): boolean {
  return unit > 0x7f;
}
