import yauzl from "yauzl";
import { isUtf8 } from "node:buffer";
import { chooseEncoding, createDecoder } from "./encoding.js";
import type { ZipEntry } from "./reading/zip.js";

/** General purpose bit 11: the name is UTF-8. */
const UTF8_FLAG = 0x800;
/** Info-ZIP's extra field with the name in UTF-8. */
const UNICODE_PATH = 0x7075;

/**
 * The names of a zip's entries: in UTF-8 where they say so or can be read so, else in the code page of the machine
 * that packed them, which the zip does not tell: Chinese, Japanese or Korean if all names together look like it, or
 * code page 437.
 *
 * @source PKWARE APPNOTE 4.4.4 and appendix D; Info-ZIP's unicode path extra field
 */
export function entryNames(entries: readonly ZipEntry[]): string[] {
  const untold = entries.filter((entry) => !isTold(entry)).map(({ fileNameRaw }) => fileNameRaw);
  const decode =
    untold.length > 0 ? codePage(Buffer.concat(untold.flatMap((name) => [name, NEWLINE]))) : undefined;
  return entries.map((entry) => {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    if (decode && !isTold(entry)) return decode(fileNameRaw).replaceAll("\\", "/");
    if (isUtf8(fileNameRaw)) return fileNameRaw.toString().replaceAll("\\", "/");
    return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  });
}

const NEWLINE = Buffer.from("\n");

function isTold({ generalPurposeBitFlag, fileNameRaw, extraFields }: ZipEntry): boolean {
  const flagged = (generalPurposeBitFlag & UTF8_FLAG) !== 0;
  return flagged || isUtf8(fileNameRaw) || extraFields.some(({ id }) => id === UNICODE_PATH);
}

/** What decodes names that are not UTF-8. */
function codePage(names: Buffer): (name: Buffer) => string {
  const encoding = chooseEncoding(names);
  // Two bytes from 0xA1 on make a common Chinese character; the accents of code page 437 lie below.
  const chinese = encoding === "gb18030" && isPaired(names);
  if (chinese || encoding === "shift_jis" || encoding === "euc-kr") {
    return (name) => createDecoder(encoding).decode(name);
  }
  return (name) => yauzl.getFileNameLowLevel(0, name, [], false);
}

function isPaired(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at]! < 0x80) continue;
    if (bytes[at]! < 0xa1 || (bytes[at + 1] ?? 0) < 0xa1) return false;
    at += 1;
  }
  return true;
}
