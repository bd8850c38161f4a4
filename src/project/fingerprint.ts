import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isModelFile } from "../formats/model-file-names.js";
import { hashFile } from "../hash-file.js";

/**
 * SHA-256 digests of files already read, kept while size and time of change stay the same; by the digest of the path,
 * which may hold the name of somebody who is to be forgotten.
 */
export type DigestCache = Record<string, { size: number; mtimeMs: number; sha256: string }>;

/** A folder of models--organisation--name/snapshots, named by its commit. */
const SNAPSHOT = /[/\\]models--[^/\\]+[/\\]snapshots[/\\][0-9a-f]{40}$/;

/**
 * A digest of what a file or folder holds: 64 hex digits, or null where there is nothing.
 *
 * A folder's digest covers the names and contents of all files below it; of a model in Hugging Face's cache only of those
 * that are needed, as other programs add some there when they come to need them.
 *
 * @param cache read and added to, so that a model of gigabytes is hashed once
 */
export async function fingerprint(path: string, cache: DigestCache): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  if (!found.isDirectory()) return fileDigest(path, found, cache);
  const hash = createHash("sha256");
  const all = await readdir(path, { recursive: true });
  const names = SNAPSHOT.test(path) ? all.filter(isModelFile) : all;
  for (const name of names.sort()) {
    // A link may lead nowhere.
    const inner = await stat(join(path, name)).catch(() => null);
    if (inner?.isFile()) hash.update(`${name}\0${await fileDigest(join(path, name), inner, cache)}\0`);
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
