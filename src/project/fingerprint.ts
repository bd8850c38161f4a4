import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashFile } from "../hash-file.js";

/**
 * SHA-256 digests of files already read, kept while size and time of change stay the same; by the digest of the path,
 * which may hold the name of somebody who is to be forgotten.
 */
export type DigestCache = Record<string, { size: number; mtimeMs: number; sha256: string }>;

/**
 * A digest of what a file or folder holds: 64 hex digits, or null where there is nothing.
 *
 * A folder's digest covers the names and contents of all files below it.
 *
 * @param cache read and added to, so that a model of gigabytes is hashed once
 */
export async function fingerprint(path: string, cache: DigestCache): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  if (!found.isDirectory()) return fileDigest(path, found, cache);
  const hash = createHash("sha256");
  const names = await readdir(path, { recursive: true });
  for (const name of names.sort()) {
    const inner = await stat(join(path, name));
    if (inner.isFile()) hash.update(`${name}\0${await fileDigest(join(path, name), inner, cache)}\0`);
  }
  return hash.digest("hex");
}

async function fileDigest(
  path: string,
  { size, mtimeMs }: { size: number; mtimeMs: number },
  cache: DigestCache,
): Promise<string> {
  const name = createHash("sha256").update(path).digest("hex");
  const known = cache[name];
  if (known && known.size === size && known.mtimeMs === mtimeMs) return known.sha256;
  const sha256 = await hashFile(path);
  cache[name] = { size, mtimeMs, sha256 };
  return sha256;
}
