/** A text and how it was stored. */
export type Decoded = {
  text: string;
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "gb18030";
  /** How many places could not be decoded and became U+FFFD; 0 for a sound file. */
  damaged: number;
};

type Encoding = Decoded["encoding"];

const MARKS: [Encoding, number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["gb18030", [0x84, 0x31, 0x95, 0x33]],
];

/** Above this share of undecodable characters among the non-ASCII ones, a text was never UTF-8. */
const FOREIGN_SHARE = 0.1;

/**
 * The text in a file's bytes: by byte order mark, else UTF-8, else what a re-save on Windows leaves (UTF-16, GB18030).
 *
 * A UTF-8 file with a few broken bytes stays UTF-8: nearly any bytes are valid GB18030, and reading it so would
 * turn every character into another one.
 *
 * @param partial the bytes are the start of a file: a character that is cut off at the end is no damage
 */
export function decodeText(bytes: Uint8Array, partial = false): Decoded {
  const encoding = markedEncoding(bytes) ?? utf16WithoutMark(bytes);
  if (encoding) return decodeStrictly(bytes, encoding, partial) ?? decodeLossily(bytes, encoding, partial);
  const utf8 = decodeStrictly(bytes, "utf-8", partial);
  if (utf8) return utf8;
  const lossy = decodeLossily(bytes, "utf-8", partial);
  const foreign = lossy.damaged > FOREIGN_SHARE * count(lossy.text, (unit) => unit > 0x7f);
  return (foreign ? decodeStrictly(bytes, "gb18030", partial) : undefined) ?? lossy;
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

function decodeStrictly(bytes: Uint8Array, encoding: Encoding, partial: boolean): Decoded | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: partial });
    return { text: withoutMark(text), encoding, damaged: 0 };
  } catch {
    return undefined;
  }
}

function decodeLossily(bytes: Uint8Array, encoding: Encoding, partial: boolean): Decoded {
  const text = withoutMark(new TextDecoder(encoding).decode(bytes, { stream: partial }));
  return { text, encoding, damaged: count(text, (unit) => unit === 0xfffd) };
}

/** TextDecoder takes the mark away for UTF-8 and UTF-16 only. */
function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** How many UTF-16 code units are so; files are too large for a list of matches. */
function count(text: string, holds: (unit: number) => boolean): number {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) if (holds(text.charCodeAt(at))) found += 1;
  return found;
}
