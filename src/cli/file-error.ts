import { basename } from "node:path";

const WHY: Record<string, string> = {
  EACCES: "may not be read or written by you",
  EPERM: "may not be changed by you",
  EROFS: "lies on a read-only disk",
  ENOTDIR: "lies below something that is no folder",
  EISDIR: "is a folder",
  EIO: "cannot be read from or written to its disk",
  ENAMETOOLONG: "has a longer name than this disk takes",
  EEXIST: "is there already, and no folder",
  EMFILE: "cannot be opened: too many files are open",
};

/** Characters of a name that are shown. */
const SHOWN = 60;

/** The message of an error that nobody expected, on one line, of a path its last name only. */
export function describeUnexpected(error: Error): string {
  const [line = ""] = error.message.split("\n");
  const { path } = error as NodeJS.ErrnoException;
  return typeof path === "string" ? line.replaceAll(path, basename(path)) : line;
}

/**
 * What to tell of a file that the system refused; undefined for any other error. Names the file, but not the folders
 * above it.
 */
export function describeFileError(error: unknown): string | undefined {
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const unmade = code === "ENOENT" && syscall === "mkdir";
  const why = unmade ? "cannot be made there" : code === undefined ? undefined : WHY[code];
  if (why === undefined || path === undefined) return undefined;
  return `${basename(path).slice(0, SHOWN)}: ${why} (${code}, ${syscall}). Choose another folder, as with --project or KOUWEN_HOME, or mend its permissions.`;
}
