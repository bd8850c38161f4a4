import { constants, inflateRawSync } from "node:zlib";
import { readSheet } from "../reading/xlsx.js";
import { readV3Rows } from "./memotrace-v3-rows.js";
import type { Head, Source } from "./source.js";

/** The sheet with the messages; the other one lists people. */
const SHEET = "聊天记录";

/** A local file header: where its parts lie, and how long it is without the name. */
const HEADER = { signature: 0x04034b50, nameLength: 26, extraLength: 28, length: 30 } as const;

/** How much of a part is inflated, at most 1,032 times as much: the start of a sheet holds its header. */
const LOOKED_AT = 8 * 1024;

/**
 * MemoTrace (留痕) version 3 as an Excel workbook: `<remark>(<wxid>)/<remark>.xlsx`, the columns of its CSV.
 *
 * @source zprolab/WeChatMsg, exporter/exporter_xlsx.py (2025)
 */
export const memotraceV3Xlsx: Source = {
  id: "memotrace-v3-xlsx",
  label: "MemoTrace 3's workbook",
  platform: "wechat",
  rank: 4,
  sniff,
  read: (file, context) => readV3Rows(readSheet(file, SHEET), file, context),
};

/**
 * The names of sheets and columns are compressed. Whichever part of the workbook has its start within the head is looked
 * into; where none holds a name, a workbook may still be one of these.
 */
function sniff({ bytes }: Head): number {
  const parts = partsOf(bytes);
  if (!parts.some(({ name }) => name.startsWith("xl/"))) return 0;
  for (const { name, start } of parts) {
    if (!/^xl\/(?:workbook|sharedStrings|worksheets\/sheet\d+)\.xml$/.test(name)) continue;
    const text = inflated(bytes.subarray(start));
    if (text.includes("消息ID") || text.includes(`"${SHEET}"`)) return 0.9;
  }
  return 0.3;
}

/** The files of a zip whose headers lie within the bytes, and where their content starts. */
function partsOf(bytes: Uint8Array): { name: string; start: number }[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: { name: string; start: number }[] = [];
  for (let at = 0; at !== -1; at = buffer.indexOf("PK\u0003\u0004", at + 1, "latin1")) {
    if (at + HEADER.length > buffer.length || buffer.readUInt32LE(at) !== HEADER.signature) break;
    const nameEnd = at + HEADER.length + buffer.readUInt16LE(at + HEADER.nameLength);
    const name = buffer.toString("utf8", at + HEADER.length, nameEnd);
    parts.push({ name, start: nameEnd + buffer.readUInt16LE(at + HEADER.extraLength) });
  }
  return parts;
}

/** What can be inflated of deflated bytes that may be cut off; empty if they are none. */
function inflated(bytes: Uint8Array): string {
  try {
    const start = bytes.subarray(0, LOOKED_AT);
    return inflateRawSync(start, { finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
  } catch {
    return "";
  }
}
