import { constants, inflateRawSync } from "node:zlib";

/** A local file header: its signature, and where its parts lie. */
const SIGNATURE = Buffer.from("PK\u0003\u0004", "latin1");
const HEADER = { method: 8, nameLength: 26, extraLength: 28, length: 30 } as const;
const STORED = 0;

/** How much of a part is inflated, at most 1,032 times as much: the start of a sheet holds its header. */
const LOOKED_AT = 8 * 1024;

/** Parts that tell whose workbook it is: its maker, the names of its sheets, and texts of cells. */
const TELLING = /^(?:docProps\/core|xl\/workbook|xl\/sharedStrings|xl\/worksheets\/sheet\d+)\.xml$/;

/**
 * What the start of an Excel workbook's file tells about it: the starts of those parts that begin there, one after the
 * other, as XML.
 *
 * @returns undefined if it is no workbook; empty if none of these parts begins within the bytes
 */
export function workbookHead(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head = "";
  let isWorkbook = false;
  for (let at = buffer.indexOf(SIGNATURE); at !== -1; at = buffer.indexOf(SIGNATURE, at + 1)) {
    if (at + HEADER.length > buffer.length) break;
    const nameEnd = at + HEADER.length + buffer.readUInt16LE(at + HEADER.nameLength);
    const name = buffer.toString("utf8", at + HEADER.length, nameEnd);
    isWorkbook ||= name.startsWith("xl/");
    if (!TELLING.test(name)) continue;
    const start = nameEnd + buffer.readUInt16LE(at + HEADER.extraLength);
    const part = buffer.subarray(start, start + LOOKED_AT);
    head += buffer.readUInt16LE(at + HEADER.method) === STORED ? part.toString("utf8") : inflated(part);
  }
  return isWorkbook && buffer.indexOf(SIGNATURE) === 0 ? head : undefined;
}

/** What can be inflated of bytes that may be cut off; empty if they are not deflated. */
function inflated(bytes: Uint8Array): string {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
  } catch {
    return "";
  }
}
