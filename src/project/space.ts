import { mkdir, stat, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { LimitExceeded } from "../errors.js";
import { gib } from "../gib.js";

/**
 * Checks before a stage starts that the disk can hold what it writes.
 *
 * @param bytes what the stage writes at most
 * @throws {LimitExceeded} less than that is free
 */
export async function requireSpace(folder: string, bytes: number, stage: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new LimitExceeded(
    `${stage} disk: ${gib(bytes)} GiB are needed, ${gib(bavail * bsize)} GiB are free. Free some and run again.`,
    { stage },
  );
}

/** Bytes of a file, or of all files below a folder. */
export async function sizeBytes(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  let total = 0;
  for (const name of await readdir(path, { recursive: true })) total += (await stat(join(path, name))).size;
  return total;
}
