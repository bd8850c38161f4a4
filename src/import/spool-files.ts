import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KouwenError } from "../errors.js";
import type { Run } from "../progress.js";
import { stableId } from "../stable-id.js";
import { localTimeIn } from "./local-time.js";
import type { Neighbours } from "./neighbours.js";
import { Pace } from "./pace.js";
import type { KnownFile } from "./recognise-files.js";
import { type ImportSettings, namedColumns } from "./settings.js";
import type { ChatFile, ReadContext } from "./sources/source.js";
import { readTail, type Segment } from "./spool/read-segment.js";
import { type Looked, SPOOL_VERSION, type Tail } from "./spool/segment.js";
import { writeSegment } from "./spool/write-segment.js";

/** A spooled file, and which it is. */
export type SpooledFile = KnownFile & { segment: Segment };

/** Where and how files are read. */
export type Spooling = {
  folder: string;
  neighbours: Neighbours;
  settings: Pick<ImportSettings, "timeZone" | "columns">;
  run: Run;
};

type Reading = Pick<ReadContext, "localTime" | "columns"> & Omit<Spooling, "settings"> & { key: string };

/**
 * Reads files one after the other into a segment each. Those that an import that was stopped left whole are not read
 * again.
 */
export async function spoolFiles(
  files: readonly KnownFile[],
  { settings, ...spooling }: Spooling,
): Promise<SpooledFile[]> {
  const { run } = spooling;
  const zone = settings.timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const reading = {
    ...spooling,
    localTime: localTimeIn(settings.timeZone),
    columns: namedColumns(settings.columns),
    key: `${SPOOL_VERSION} ${zone} ${settings.columns}`,
  };
  const pace = new Pace(
    files.reduce((sum, { file }) => sum + file.sizeBytes, 0),
    run,
  );
  const spooled: SpooledFile[] = [];
  for (const known of files) {
    run.signal?.throwIfAborted();
    const path = join(spooling.folder, `${await nameOf(known, reading.key)}.segment`);
    const left = readTail(path);
    const fresh = left && (await isFresh(left, known.file, spooling.neighbours));
    const tail = fresh ? left : await spool(path, known, reading, pace);
    pace.finish(known.file.sizeBytes, tail.messages);
    spooled.push({ ...known, segment: { path, tail } });
  }
  return spooled;
}

/** Everything that decides what is read from a file, as a name. */
async function nameOf({ file, source, named }: KnownFile, key: string): Promise<string> {
  return stableId([key, source.id, file.path, await stampOf(file), named.name, named.accountId]);
}

/** Size and time of change; of a file in a zip, that of the zip. */
async function stampOf(file: ChatFile): Promise<string> {
  for (let path = file.path; ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found || path === dirname(path)) return `${file.sizeBytes} ${found?.mtimeMs ?? 0}`;
  }
}

async function isFresh({ looked }: Tail, file: ChatFile, neighbours: Neighbours): Promise<boolean> {
  for (const { name, was } of looked) {
    const now = neighbours.near(file, name);
    if ((now ? `${now.path} ${await stampOf(now)}` : null) !== was) return false;
  }
  return true;
}

async function spool(
  path: string,
  { file, source, named }: KnownFile,
  { neighbours, localTime, columns, run }: Reading,
  pace: Pace,
): Promise<Tail> {
  const looked = new Map<string, ChatFile | undefined>();
  const context: ReadContext = {
    named,
    near: (name) => {
      const found = neighbours.near(file, name);
      looked.set(name, found);
      return found;
    },
    localTime,
    columns,
    run,
  };
  const watched: ChatFile = { ...file, open: () => pace.watch(file.open()) };
  return writeSegment(path, source.read(watched, context), {
    named,
    pace,
    failed: (error) => {
      run.signal?.throwIfAborted();
      return { kind: "problem", place: "the file", what: whyUnreadable(error, file) };
    },
    looked: () => Promise.all([...looked].map(describeLooked)),
  });
}

async function describeLooked([name, file]: [string, ChatFile | undefined]): Promise<Looked> {
  return { name, was: file ? `${file.path} ${await stampOf(file)}` : null, label: file?.label ?? null };
}

/** @throws the error itself where it is neither about the file nor the disk, but our bug */
function whyUnreadable(error: unknown, file: ChatFile): string {
  if (error instanceof KouwenError) return error.message.replace(`import ${file.label}: `, "");
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return `cannot be read (${code})`;
}
