import { decodeText, type Decoded } from "../decode-text.js";
import type { ChatFile, Found } from "../sources/source.js";

/** A text in pieces of any length, with what is worth knowing about how it was stored. */
export type TextPiece = { kind: "text"; text: string } | Extract<Found, { kind: "note" }>;

/**
 * A file's text, decoded as its bytes ask for: without byte order mark, U+FFFD where bytes could not be decoded.
 */
export async function* readText(file: ChatFile): AsyncIterable<TextPiece> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  const decoded = decodeText(Buffer.concat(pieces));
  yield { kind: "text", text: decoded.text };
  yield* describe(decoded);
}

function* describe({ encoding, damaged }: Decoded): Iterable<TextPiece> {
  if (encoding !== "utf-8") yield { kind: "note", what: `stored as ${encoding.toUpperCase()}` };
  if (damaged > 0) yield { kind: "note", what: `${damaged} places are not valid ${encoding.toUpperCase()}` };
}
