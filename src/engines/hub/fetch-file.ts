import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { HubApiError } from "@huggingface/hub";
import type { Run } from "../../progress.js";
import type { ModelFile } from "./model-files.js";
import type { Remote } from "./remote.js";
import { HubRefused, isDiskError, SourceFailed } from "./source-failed.js";

/** How often in a row a connection may end without a single new byte. */
const FRUITLESS_TRIES = 2;

/**
 * Fetches one file, going on from what an earlier try left, and checks its size and hash. One that does not match its
 * hash is fetched once more from its start: what an earlier try left may have been the damage.
 *
 * @param onBytes sees the bytes of this file that are on disk
 * @throws {SourceFailed} the connection was cut again and again, or what came is not what the hub lists; a wrong file
 *   is removed
 */
export async function fetchFile(
  remote: Remote,
  file: ModelFile,
  path: string,
  onBytes: (bytes: number) => void,
  run: Run,
): Promise<void> {
  for (let left = 1; left >= 0; left -= 1) {
    await complete(remote, file, path, onBytes, run);
    const size = await sizeOf(path);
    if (size !== file.sizeBytes) throw await wrongSize(file, path, size);
    if (await matchesDigest(file, path)) return;
    await rm(path, { force: true });
  }
  throw new SourceFailed(`gave a ${file.path} that does not match its hash`);
}

/** Appends until the file has its size. */
async function complete(
  remote: Remote,
  file: ModelFile,
  path: string,
  onBytes: (bytes: number) => void,
  run: Run,
): Promise<void> {
  let fruitless = 0;
  for (let have = await sizeOf(path); have < file.sizeBytes || have === 0;) {
    try {
      await appendRest(remote, file, path, have, onBytes);
      break;
    } catch (error) {
      run.signal?.throwIfAborted();
      if (error instanceof HubApiError || error instanceof HubRefused) throw error;
      if (error instanceof SourceFailed || isDiskError(error)) throw error;
      const before = have;
      have = await sizeOf(path);
      fruitless = have > before ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS_TRIES) {
        throw new SourceFailed(`was cut off in ${file.path}`, { cause: error });
      }
    }
  }
}

async function appendRest(
  remote: Remote,
  file: ModelFile,
  path: string,
  from: number,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { sizeBytes, stream } = await remote.open(file, from);
  if (sizeBytes !== file.sizeBytes) {
    await stream.cancel();
    throw await wrongSize(file, path, sizeBytes);
  }
  const handle = await open(path, "a");
  try {
    let have = from;
    for await (const chunk of stream) {
      if (have + chunk.byteLength > file.sizeBytes)
        throw await wrongSize(file, path, have + chunk.byteLength);
      await handle.appendFile(chunk);
      have += chunk.byteLength;
      onBytes(have);
    }
    if (have < file.sizeBytes) throw new Error("ended early");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a file on disk is the one that the hub lists, by size and hash. */
export async function isWhole(file: ModelFile, path: string): Promise<boolean> {
  return (await sizeOf(path)) === file.sizeBytes && (await matchesDigest(file, path));
}

/** Whether the bytes are those that the hub lists, as far as it says. */
async function matchesDigest(file: ModelFile, path: string): Promise<boolean> {
  if (!file.digest) return true;
  const hash = createHash(file.digest.kind === "sha256" ? "sha256" : "sha1");
  if (file.digest.kind === "git-sha1") hash.update(`blob ${file.sizeBytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex") === file.digest.hex;
}

async function wrongSize(file: ModelFile, path: string, size: number): Promise<SourceFailed> {
  await rm(path, { force: true });
  return new SourceFailed(`gave ${size} bytes of ${file.path} instead of ${file.sizeBytes}`);
}

/** Bytes of a file on disk; none if it is not there. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
