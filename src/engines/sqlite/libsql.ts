import { Unsupported } from "../../errors.js";
import type { OpenDatabase } from "../../project/sql-database.js";

/**
 * Loads libsql, an SQLite that brings its binary with it.
 *
 * @throws {Unsupported} there is no binary for this platform, or it was not installed
 */
export async function loadLibsql(): Promise<OpenDatabase> {
  const { default: Database } = await import("libsql").catch((cause: unknown) => {
    throw new Unsupported(
      `find libsql: no binary for ${process.platform} on ${process.arch} is installed (there are some for Linux on x64, arm64 and arm, macOS on x64 and arm64, Windows on x64). Install again without --omit=optional, or search messages.jsonl with another program.`,
      { stage: "find", cause },
    );
  });
  return (path) => new Database(path, { fileMustExist: true }) as unknown as ReturnType<OpenDatabase>;
}
