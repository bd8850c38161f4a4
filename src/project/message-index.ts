import { open as openFile, rename, rm, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { LimitExceeded } from "../errors.js";
import { diskFull, readJsonLines } from "../files.js";
import type { Message } from "../import/message.js";
import type { Run } from "../progress.js";
import type { OpenDatabase, SqlDatabase } from "./sql-database.js";

/** `messages.jsonl`, and the file that gets its index. */
export type IndexPaths = { messages: string; index: string };

/** Raised by one when the tables change, so that indexes of the last version are built again. */
const VERSION = 1;

const TABLES = `
  CREATE TABLE about (version INTEGER, size INTEGER, mtime REAL, messages INTEGER);
  CREATE TABLE messages (
    id TEXT, time INTEGER, contact TEXT, sender TEXT, owner INTEGER, kind TEXT, text TEXT
  );
  CREATE TABLE contacts (contact TEXT PRIMARY KEY);
  CREATE VIRTUAL TABLE words USING fts5 (text, content='messages', tokenize='trigram', columnsize=0);
`;

/** Messages between two looks at the signal. */
const BATCH = 2000;

/**
 * The index of a project's messages as they are now, built if there is none, or none of these messages.
 *
 * It can always be built again, and is never the truth. It repeats the messages' words, so that only the user may
 * read it.
 *
 * @param lock keeps others out of the project while the index is built
 * @returns the open database; the caller closes it
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function openMessageIndex(
  paths: IndexPaths,
  open: OpenDatabase,
  lock: () => Promise<() => Promise<void>>,
  run: Run = {},
): Promise<SqlDatabase> {
  const current = await openCurrent(paths, open);
  if (current) return current;
  const unlock = await lock();
  try {
    await build(paths, open, run);
  } finally {
    await unlock();
  }
  return open(paths.index);
}

/** The index as it is, if it is whole and of these very messages. */
async function openCurrent(
  { messages, index }: IndexPaths,
  open: OpenDatabase,
): Promise<SqlDatabase | undefined> {
  const { size, mtimeMs } = await stat(messages);
  if (!(await stat(index).catch(() => undefined))) return undefined;
  let database: SqlDatabase | undefined;
  try {
    database = open(index);
    const [about] = database.prepare("SELECT version, size, mtime FROM about").all();
    if (about?.["version"] === VERSION && about["size"] === size && about["mtime"] === mtimeMs)
      return database;
  } catch {
    // Whatever it is, it is no index of ours.
  }
  database?.close();
  return undefined;
}

async function build({ messages, index }: IndexPaths, open: OpenDatabase, run: Run): Promise<void> {
  const temporary = `${index}.${process.pid}.partial`;
  await rm(temporary, { force: true });
  let database: SqlDatabase | undefined;
  try {
    // Made here, for SQLite would make it readable by others.
    await (await openFile(temporary, "wx", 0o600)).close();
    database = open(temporary);
    await fill(database, messages, run);
    database.close();
    database = undefined;
    const handle = await openFile(temporary, "r+");
    await handle.sync().finally(() => handle.close());
    await rename(temporary, index);
  } catch (error) {
    database?.close();
    await rm(temporary, { force: true });
    throw full(error, index) ?? error;
  }
}

async function fill(database: SqlDatabase, path: string, run: Run): Promise<void> {
  // Before anything is read: messages that change meanwhile are seen to have changed.
  const { size, mtimeMs } = await stat(path);
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  database.exec(TABLES);
  database.exec("BEGIN");
  const insert = database.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)");
  const spell = database.prepare(
    "INSERT INTO words (rowid, text) SELECT rowid, text FROM messages WHERE rowid > ?",
  );
  let done = 0;
  let spelt = 0;
  for await (const message of readJsonLines<Message>(path, "find")) {
    const { id, time, contact, sender, owner, kind, text } = message;
    insert.run(id, time, contact, sender, Number(owner), kind, text);
    done += 1;
    if (done % BATCH === 0) {
      spell.run(spelt);
      spelt = done;
      run.onProgress?.({ stage: "find", done, total: 0, unit: "messages", note: "building the index" });
      // Every call blocks: here a Ctrl-C is heard.
      await setImmediate();
      run.signal?.throwIfAborted();
    }
  }
  spell.run(spelt);
  database.exec("INSERT INTO contacts SELECT DISTINCT contact FROM messages");
  database.prepare("INSERT INTO about VALUES (?, ?, ?, ?)").run(VERSION, size, mtimeMs, done);
  database.exec("COMMIT");
  run.onProgress?.({ stage: "find", done, total: done, unit: "messages" });
}

function full(error: unknown, path: string): LimitExceeded | undefined {
  if ((error as { code?: unknown }).code !== "SQLITE_FULL") return diskFull(error, "find", path);
  const message = "find messages.sqlite: no space left on the disk. Free some and run again.";
  return new LimitExceeded(message, { stage: "find", cause: error });
}
