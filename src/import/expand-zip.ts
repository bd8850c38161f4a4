import { KouwenError } from "../errors.js";
import { entryNames } from "./entry-names.js";
import type { Skipped } from "./find-files.js";
import { isMedia, MediaCount } from "./media-files.js";
import { MAX_INFLATED_BYTES, openZip, whyNotInflated, type ZipEntry } from "./reading/zip.js";
import { shownName } from "./shown-name.js";
import type { ChatFile } from "./sources/source.js";

/** All chats of a zip together may grow by so much; entries that share their bytes grow without end. */
const MAX_RATIO = 200;
const HARMLESS_BYTES = 64 * 2 ** 20;

/** What office documents, which are zips, too, have at their top. */
const OFFICE_PART = "[Content_Types].xml";

/** Whether a file starts as a zip does, an empty one included. */
export function startsAsZip(bytes: Uint8Array): boolean {
  const [p, k, third, fourth] = bytes;
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}

/**
 * The files in a zip on disk, each to be read from there, and why others are left out. Nothing is unpacked to disk:
 * a name such as `../../x` is a label and no more.
 *
 * @returns undefined if it is a document or workbook, which is read as one
 */
export async function expandZip(
  zipFile: ChatFile,
): Promise<{ files: ChatFile[]; skipped: Skipped[] } | undefined> {
  const { path, label } = zipFile;
  let entries: ZipEntry[];
  try {
    entries = await listEntries(path, label);
  } catch (error) {
    if (!(error instanceof KouwenError)) throw error;
    return { files: [], skipped: [{ file: label, why: error.message.replace(`import ${label}: `, "") }] };
  }
  const names = entryNames(entries);
  if (names.includes(OFFICE_PART)) return undefined;
  const files = new Map<string, ChatFile>();
  const skipped: Skipped[] = [];
  const media = new MediaCount();
  let inflatedBytes = 0;
  for (const [index, entry] of entries.entries()) {
    const { folders, name } = safeParts(names[index]!);
    if (name === undefined) continue;
    const inner = [...folders, name].join("/");
    const entryLabel = `${label}/${shownName(inner)}`;
    const file = asFile(zipFile, entry, { inner, entryLabel, folders, name });
    const why = files.has(file.path) ? "a second file of that name" : whyLeftOut(entry, name);
    if (isHidden(folders, name)) skipped.push({ file: entryLabel, why: "hidden", harmless: true });
    else if (why === undefined && isMedia(name)) media.add(name);
    else if (why !== undefined) skipped.push({ file: entryLabel, why });
    else if (!mayGrow((inflatedBytes += entry.uncompressedSize), zipFile.sizeBytes)) {
      skipped.push({ file: entryLabel, why: `the zip would grow to over ${MAX_RATIO} times its size` });
    } else files.set(file.path, file);
  }
  const counted = media.describe();
  if (counted !== undefined) skipped.push({ file: label, why: counted, harmless: true });
  if (entries.length === 0) skipped.push({ file: label, why: "an empty zip" });
  return { files: [...files.values()], skipped };
}

async function listEntries(path: string, label: string): Promise<ZipEntry[]> {
  const zip = await openZip(path, label);
  try {
    const entries: ZipEntry[] = [];
    for await (const entry of zip.entries()) entries.push(entry);
    return entries;
  } finally {
    zip.close();
  }
}

function isHidden(folders: readonly string[], name: string): boolean {
  return name.startsWith(".") || folders.includes("__MACOSX");
}

function whyLeftOut(entry: ZipEntry, name: string): string | undefined {
  if (isMedia(name)) return undefined;
  if (/\.zip$/i.test(name)) return "a zip within a zip; unpack it and import what it holds";
  return whyNotInflated(entry);
}

function mayGrow(inflatedBytes: number, zipBytes: number): boolean {
  if (inflatedBytes > MAX_INFLATED_BYTES) return false;
  return inflatedBytes <= HARMLESS_BYTES || inflatedBytes <= MAX_RATIO * zipBytes;
}

/** The folders and the name in an entry's path; no name for a folder. What leads out of the zip becomes a word. */
function safeParts(entryName: string): { folders: string[]; name: string | undefined } {
  const parts = entryName.replaceAll("\0", "\uFFFD").split("/");
  const safe = parts
    .filter((part, index) => part !== "" || index === parts.length - 1)
    .map((part) => (part === "." || part === ".." ? part.replaceAll(".", "_") : part));
  const name = safe.pop();
  return { folders: safe, name: name === "" ? undefined : name };
}

type Place = { inner: string; entryLabel: string; folders: string[]; name: string };

function asFile(zipFile: ChatFile, entry: ZipEntry, { inner, entryLabel, folders, name }: Place): ChatFile {
  return {
    path: `${zipFile.path}/${inner}`,
    label: entryLabel,
    name,
    folders: [...zipFile.folders, zipFile.name, ...folders],
    sizeBytes: entry.uncompressedSize,
    open: async function* () {
      const zip = await openZip(zipFile.path, entryLabel);
      try {
        yield* zip.read(entry, entryLabel);
      } finally {
        zip.close();
      }
    },
  };
}
