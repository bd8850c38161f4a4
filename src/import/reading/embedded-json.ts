import type { ChatFile } from "../sources/source.js";

const OPENING = 0x5b;
const CLOSING = 0x5d;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** What may stand between the marker and the list: `= [`, `(12,[`. */
const BETWEEN = /^[\s=(\d,]*$/;
const MAX_BETWEEN_BYTES = 64;

/**
 * The JSON list that a script within a file assigns or passes, as if it were a file of its own; empty if there is none.
 *
 * Bytes pass through: the file may be as large as it likes.
 *
 * @param marker ASCII words right before the list, such as `window.DATA`; the first place with a list behind it counts
 */
export function embeddedJson(file: ChatFile, marker: string): ChatFile {
  return { ...file, open: () => listBytes(file, Buffer.from(marker, "latin1")) };
}

async function* listBytes(file: ChatFile, marker: Buffer): AsyncIterable<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  const end = new ListEnd();
  let inside = false;
  for await (const piece of file.open()) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    if (!inside) {
      const start = listStart(rest, marker);
      if (start.at === -1) {
        rest = rest.subarray(start.keepFrom);
        continue;
      }
      rest = rest.subarray(start.at);
      inside = true;
    }
    const at = end.find(rest);
    yield at === -1 ? rest : rest.subarray(0, at);
    if (at !== -1) return;
    rest = Buffer.alloc(0);
  }
}

/** Where the list begins; else from where on bytes are still needed to tell. */
function listStart(bytes: Buffer, marker: Buffer): { at: number; keepFrom: number } {
  for (let found = bytes.indexOf(marker); found !== -1; found = bytes.indexOf(marker, found + 1)) {
    const behind = found + marker.length;
    const at = bytes.indexOf(OPENING, behind);
    const until = at === -1 ? Math.min(bytes.length, behind + MAX_BETWEEN_BYTES) : at;
    const between = bytes.toString("latin1", behind, Math.min(until, behind + MAX_BETWEEN_BYTES));
    if (!BETWEEN.test(between) || until - behind > MAX_BETWEEN_BYTES) continue;
    if (at !== -1) return { at, keepFrom: at };
    if (bytes.length - behind < MAX_BETWEEN_BYTES) return { at: -1, keepFrom: found };
  }
  return { at: -1, keepFrom: Math.max(0, bytes.length - marker.length + 1) };
}

/** Finds where a list ends, in bytes that come piece by piece: brackets within texts do not count. */
class ListEnd {
  #depth = 0;
  #inText = false;
  #escaped = false;

  /** The index behind the list's closing bracket; -1 if that is not in this piece. */
  find(bytes: Buffer): number {
    let depth = this.#depth;
    let inText = this.#inText;
    let escaped = this.#escaped;
    let end = -1;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPENING) depth += 1;
      else if (byte === CLOSING) {
        depth -= 1;
        if (depth === 0) {
          end = at + 1;
          break;
        }
      }
    }
    this.#depth = depth;
    this.#inText = inText;
    this.#escaped = escaped;
    return end;
  }
}
