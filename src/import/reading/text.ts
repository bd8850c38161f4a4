import { isAscii } from "node:buffer";
import { chooseEncoding, countUnits, createDecoder, type Encoding, isReplacement } from "../encoding.js";
import type { ChatFile, Found } from "../sources/source.js";

/** A text in pieces of any length, with what is worth knowing about how it was stored. */
export type TextPiece = { kind: "text"; text: string } | Extract<Found, { kind: "note" }>;

/** How much of a file tells its encoding, from the first byte on that is not ASCII. */
const TELLING_BYTES = 256 * 1024;

/**
 * A file's text, decoded as its bytes ask for: without byte order mark, U+FFFD where bytes could not be decoded.
 *
 * The encoding is that of the beginning; a note says so where it is not UTF-8, and a last one how many places were
 * damaged.
 */
export async function* readText(file: ChatFile): AsyncIterable<TextPiece> {
  let decoder: PieceDecoder | undefined;
  let start: Uint8Array[] = [];
  let size = 0;
  let first = true;
  for await (const piece of file.open()) {
    if (decoder) {
      yield* textOf(decoder.decode(piece));
      continue;
    }
    // What is ASCII so far is the same in every encoding but UTF-16, which has zero bytes or a mark.
    if (size === 0 && !first && isAscii(piece)) {
      yield* textOf(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1"));
      continue;
    }
    start.push(piece);
    size += piece.byteLength;
    if (size < TELLING_BYTES) continue;
    const bytes = Buffer.concat(start);
    start = [];
    size = 0;
    if (first && isAscii(bytes) && !bytes.includes(0)) {
      first = false;
      yield* textOf(bytes.toString("latin1"));
      continue;
    }
    decoder = new PieceDecoder(bytes, first);
    yield* decoder.describe();
    yield* textOf(decoder.decode(bytes));
  }
  if (!decoder) {
    const bytes = Buffer.concat(start);
    decoder = new PieceDecoder(bytes, first);
    yield* decoder.describe();
    yield* textOf(decoder.decode(bytes));
  }
  yield* textOf(decoder.end());
  yield* decoder.describeDamage();
}

function* textOf(text: string): Iterable<TextPiece> {
  if (text !== "") yield { kind: "text", text };
}

/** Decodes a text piece by piece; a character may lie across two. */
class PieceDecoder {
  readonly #encoding: Encoding;
  readonly #decoder: ReturnType<typeof createDecoder>;
  #atStart: boolean;
  /** Whether the last byte was a whole character, so that ASCII that follows stands for itself. */
  #whole = true;
  #damaged = 0;

  /** @param atStart whether these are the first bytes of the file, which a byte order mark may begin */
  constructor(bytes: Uint8Array, atStart: boolean) {
    this.#encoding = chooseEncoding(bytes);
    this.#decoder = createDecoder(this.#encoding);
    this.#atStart = atStart;
  }

  decode(bytes: Uint8Array): string {
    if (this.#encoding === "utf-8" && this.#whole && isAscii(bytes)) {
      if (bytes.byteLength > 0) this.#atStart = false;
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    }
    if (bytes.byteLength > 0) this.#whole = bytes.at(-1)! < 0x80;
    return this.#finish(this.#decoder.decode(bytes, { stream: true }), bytes);
  }

  end(): string {
    return this.#finish(this.#decoder.decode(), new Uint8Array());
  }

  *describe(): Iterable<TextPiece> {
    if (this.#encoding !== "utf-8") {
      yield { kind: "note", what: `stored as ${this.#encoding.toUpperCase()}` };
    }
  }

  *describeDamage(): Iterable<TextPiece> {
    const name = this.#encoding.toUpperCase();
    if (this.#damaged > 0) yield { kind: "note", what: `${this.#damaged} places are not valid ${name}` };
  }

  #finish(text: string, bytes: Uint8Array): string {
    if (text === "") return text;
    if (text.includes("\uFFFD")) {
      const wanted = this.#encoding === "utf-8" ? countMarks(bytes) : 0;
      this.#damaged += Math.max(0, countUnits(text, isReplacement) - wanted);
    }
    const marked = this.#atStart && text.startsWith("\uFEFF");
    this.#atStart = false;
    return marked ? text.slice(1) : text;
  }
}

const WRITTEN_REPLACEMENT = Buffer.from("\uFFFD");

/** How many U+FFFD a UTF-8 text holds itself: damage that an exporter had before. */
function countMarks(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let found = 0;
  for (let at = buffer.indexOf(WRITTEN_REPLACEMENT); at !== -1; found += 1) {
    at = buffer.indexOf(WRITTEN_REPLACEMENT, at + WRITTEN_REPLACEMENT.length);
  }
  return found;
}
