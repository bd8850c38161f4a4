import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { MalformedInput } from "../errors.js";
import { chooseEncoding, createDecoder } from "./encoding.js";
import { expandZip, startsAsZip } from "./expand-zip.js";
import { isMedia, MediaCount } from "./media-files.js";
import { shownName } from "./shown-name.js";
import type { ChatFile, Head } from "./sources/source.js";

/** A file that was not read, and why; `harmless` if it holds no chats anyway. */
export type Skipped = { file: string; why: string; harmless?: true };

const HEAD_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;

/**
 * The files that the inputs name or hold, each once, in order of label; of zips the files in them.
 *
 * Pictures, sound and films are not opened; each input has one line that counts them.
 *
 * @throws {MalformedInput} an input does not exist, or a folder holds no file at all
 */
export async function findFiles(
  inputs: readonly string[],
): Promise<{ files: ChatFile[]; skipped: Skipped[] }> {
  const files = new Map<string, ChatFile>();
  const skipped: Skipped[] = [];
  const add = async (file: ChatFile) => {
    const zip = (await isZip(file)) ? await expandZip(file) : undefined;
    for (const one of zip?.files ?? [file]) files.set(one.path, one);
    skipped.push(...(zip?.skipped ?? []));
  };
  for (const input of inputs) {
    const path = resolve(input);
    const label = shownName(basename(path));
    const found = await stat(path).catch(() => undefined);
    if (!found)
      throw badInput(
        label,
        "no such file or folder. Check the path; if an earlier export is gone, put it back, or start over with --fresh and those that you have",
      );
    const outer = basename(dirname(path));
    if (found.isDirectory()) {
      const before = files.size + skipped.length;
      const media = new MediaCount();
      for await (const entry of walk(path, label, [basename(path)])) {
        if ("why" in entry) skipped.push(entry);
        else if (isMedia(entry.name)) media.add(entry.name);
        else await add(entry);
      }
      const counted = media.describe();
      if (counted !== undefined) skipped.push({ file: label, why: counted, harmless: true });
      if (files.size + skipped.length === before && !holdsSome(files, path))
        throw badInput(label, "the folder is empty. Put exported chats into it, or name another folder");
    } else if (!found.isFile()) throw badInput(label, "neither a file nor a folder. Name an exported file");
    else if (!files.has(path)) await add(onDisk(path, label, [outer], found.size));
  }
  return { files: [...files.values()].sort((a, b) => compareText(a.label, b.label)), skipped };
}

async function* walk(folder: string, label: string, folders: string[]): AsyncIterable<ChatFile | Skipped> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    yield { file: label, why: "the folder cannot be read" };
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const inner = `${label}/${shownName(entry.name)}`;
    if (entry.name.startsWith(".")) yield { file: inner, why: "hidden", harmless: true };
    else if (entry.isDirectory()) yield* walk(path, inner, [...folders, entry.name]);
    else {
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile()) yield onDisk(path, inner, folders, found.size);
      else yield { file: inner, why: found?.isDirectory() ? "a link to a folder" : "not a regular file" };
    }
  }
}

function onDisk(path: string, label: string, folders: string[], sizeBytes: number): ChatFile {
  const open = () => createReadStream(path, { highWaterMark: PIECE_BYTES });
  return { path, label, name: basename(path), folders, sizeBytes, open };
}

async function isZip(file: ChatFile): Promise<boolean> {
  try {
    for await (const piece of createReadStream(file.path, { end: 3 })) return startsAsZip(piece as Buffer);
  } catch {
    // That it cannot be read is said when its format is to be told.
  }
  return false;
}

/** The start of a file. */
export async function readHead(file: ChatFile): Promise<Head> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of file.open()) {
      pieces.push(piece);
      size += piece.byteLength;
      if (size >= HEAD_BYTES) break;
    }
  } catch (error) {
    // What there is of a damaged file may tell; that it is damaged is said when it is read.
    if (size === 0) throw error;
  }
  const bytes = Buffer.concat(pieces).subarray(0, HEAD_BYTES);
  const decoded = createDecoder(chooseEncoding(bytes)).decode(bytes, { stream: true });
  const text = decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
  return { bytes, text, fileName: file.name, folders: file.folders };
}

/** Orders texts the same way on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holdsSome(files: ReadonlyMap<string, ChatFile>, folder: string): boolean {
  return [...files.keys()].some((path) => path.startsWith(folder + sep));
}

function badInput(label: string, what: string): MalformedInput {
  return new MalformedInput(`import ${label}: ${what}.`, { stage: "import", path: label });
}
