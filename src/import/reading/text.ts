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
  const start = new Start();
  let decoder: PieceDecoder | undefined;
  let failure: { error: unknown } | undefined;
  try {
    for await (const piece of file.open()) {
      if (decoder) yield* textOf(decoder.decode(piece));
      else if (start.isEnough(piece)) {
        decoder = start.decoder();
        if (decoder) yield* decoder.describe();
        const bytes = start.take();
        yield* textOf(decoder ? decoder.decode(bytes) : latin1(bytes));
      }
    }
  } catch (error) {
    // What has come in so far is given before it is said that no more will.
    failure = { error };
  }
  if (!decoder) {
    decoder = start.lastDecoder();
    yield* decoder.describe();
    yield* textOf(decoder.decode(start.take()));
  }
  if (failure) throw failure.error;
  yield* textOf(decoder.end());
  yield* decoder.describeDamage();
}

/** The bytes by which the encoding is told. */
class Start {
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** Whether bytes were taken before; all of them were ASCII. */
  #taken = false;

  /** Adds a piece; whether the bytes can be taken now. */
  isEnough(piece: Uint8Array): boolean {
    this.#pieces.push(piece);
    this.#size += piece.byteLength;
    return this.#size >= TELLING_BYTES || (this.#taken && this.#pieces.length === 1 && isAscii(piece));
  }

  /** What decodes them; undefined as long as there is nothing but ASCII, which is the same in all encodings left. */
  decoder(): PieceDecoder | undefined {
    const bytes = Buffer.concat(this.#pieces);
    // UTF-16 has zero bytes, or a mark that is none of ASCII.
    return isAscii(bytes) && (this.#taken || !bytes.includes(0))
      ? undefined
      : new PieceDecoder(bytes, !this.#taken);
  }

  lastDecoder(): PieceDecoder {
    return new PieceDecoder(Buffer.concat(this.#pieces), !this.#taken);
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    this.#taken = true;
    return bytes;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
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
      return latin1(bytes);
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
