import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { LimitExceeded, MalformedInput, Unavailable } from "./errors.js";
import { isNestedDeeper } from "./json-depth.js";

/** What a writer of a file may do: append bytes or text, in the order of the calls. */
export type Sink = { write(chunk: Uint8Array | string): Promise<void> };

/**
 * Writes a file under a temporary name and gives it its own name only when it is whole and on disk.
 *
 * @param stage the stage word, for the error
 * @param options `lasting`: whether it must outlive a power cut; false saves the wait for the disk. `mode`: who may read
 * and write it, less what the process is told to withhold
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function writeAtomic(
  path: string,
  stage: string,
  fill: (sink: Sink) => Promise<void>,
  { lasting = true, mode = 0o666 }: { lasting?: boolean; mode?: number } = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  let handle: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = (handle = await open(temporary, "w", mode));
    let end = 0;
    await fill({
      write: async (chunk) => {
        const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        // Each chunk has its place from the start, so that several may be under way.
        const begin = end;
        end += bytes.byteLength;
        for (let at = 0; at < bytes.byteLength;) {
          at += (await file.write(bytes, at, bytes.byteLength - at, begin + at)).bytesWritten;
        }
      },
    });
    if (lasting) await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(temporary, { force: true });
    throw diskFull(error, stage, path) ?? error;
  }
}

/**
 * Builds a folder under a temporary name and gives it its own name only when it is whole; a folder that was there
 * before is replaced.
 *
 * @param stage the stage word, for the error
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function writeFolder(
  path: string,
  stage: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  await rm(temporary, { recursive: true, force: true });
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    await replaceFolder(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw diskFull(error, stage, path) ?? error;
  }
}

/** Gives a folder a name that another may have; that one is back if it fails. */
export async function replaceFolder(temporary: string, path: string): Promise<void> {
  const before = `${path}.before.${process.pid}.partial`;
  await rm(before, { recursive: true, force: true });
  const wasThere = await rename(path, before).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(temporary, path);
  } catch (error) {
    if (wasThere) await rename(before, path);
    throw error;
  }
  if (wasThere) await rm(before, { recursive: true, force: true });
}

/** The error to show when a write failed for want of space, or of room in one file; undefined for any other failure. */
export function diskFull(error: unknown, stage: string, path: string): LimitExceeded | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const what =
    code === "EFBIG"
      ? "the file is larger than its disk or your limit on file sizes allows. Choose a folder on another disk, or raise the limit (ulimit -f)"
      : code === "ENOSPC" || code === "EDQUOT"
        ? "no space left on the disk. Free some and run again"
        : undefined;
  if (what === undefined) return undefined;
  const name = path.split(/[\\/]/).at(-1);
  return new LimitExceeded(`${stage} ${name}: ${what}.`, { stage, path, cause: error });
}

/** Writes one value as indented JSON, atomically. */
export async function writeJson(path: string, stage: string, value: unknown): Promise<void> {
  await writeAtomic(path, stage, (sink) => sink.write(`${JSON.stringify(value, null, 2)}\n`));
}

/** Writes one value a line, atomically. Returns how many. */
export async function writeJsonLines(
  path: string,
  stage: string,
  values: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<number> {
  let count = 0;
  await writeAtomic(path, stage, async (sink) => {
    let batch = "";
    for await (const value of values) {
      batch += `${JSON.stringify(value)}\n`;
      count += 1;
      if (batch.length > 1 << 16) {
        await sink.write(batch);
        batch = "";
      }
    }
    await sink.write(batch);
  });
  return count;
}

/** Files that we know nest 12 levels at most; what walks a value level by level must not run out of stack. */
export const MAX_LEVELS = 200;
/** The largest known, a tokenizer, has 33 MB. */
const MAX_JSON_BYTES = 128 * 2 ** 20;
/** What to do about a broken file that came from elsewhere. */
const FETCH = "Export or fetch the file again.";
/** The same for one that we wrote. */
const REMAKE = "kouwen run makes it anew.";

/**
 * The JSON value of a text. The one place where JSON is parsed.
 *
 * @param next what to do about a broken one, for the error
 * @throws {MalformedInput} not JSON, or nested more than 200 levels deep; the message names the place but quotes nothing
 */
export function parseJson(text: string, stage: string, path: string, next: string = FETCH): unknown {
  if (isNestedDeeper(text, MAX_LEVELS)) {
    throw new MalformedInput(`${stage} ${path}: nested more than ${MAX_LEVELS} levels deep. ${next}`, {
      stage,
      path,
    });
  }
  return parseFlatJson(text, stage, path, next);
}

/**
 * The same for a text of which it is known that it nests less deep.
 *
 * @throws {MalformedInput} not JSON; the message names the place but quotes nothing
 */
export function parseFlatJson(text: string, stage: string, path: string, next: string = FETCH): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    const where = at === undefined ? "" : ` at character ${at} of ${text.length}`;
    throw new MalformedInput(`${stage} ${path}: not JSON${where}. ${next}`, {
      stage,
      path,
    });
  }
}

/**
 * The JSON value in a file.
 *
 * @throws {Unavailable} there is no such file
 * @throws {LimitExceeded} it is longer than any file that we know; nothing of it is read
 * @throws {MalformedInput} as `parseJson`
 */
export async function readJson(path: string, stage: string, next?: string): Promise<unknown> {
  const name = basename(path);
  const place = { stage, path: name };
  const unreadable = (cause: unknown): never => {
    const message = `${stage} ${name}: the file cannot be opened. Check that it is there and readable.`;
    throw new Unavailable(message, { ...place, cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > MAX_JSON_BYTES) {
    throw new LimitExceeded(
      `${stage} ${name}: ${size} bytes (at most ${MAX_JSON_BYTES}). Fetch or make the file again.`,
      place,
    );
  }
  return parseJson(await readFile(path, "utf8").catch(unreadable), stage, name, next);
}

/** The values of a JSON Lines file that we wrote ourselves, one by one. */
export async function* readJsonLines<Value>(path: string, stage: string): AsyncIterable<Value> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line !== "") yield parseJson(line, stage, `${basename(path)}:${number}`, REMAKE) as Value;
  }
}
