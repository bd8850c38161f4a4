import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Run } from "../../progress.js";

/** `sha256:` and the hash of a file's bytes, which are never in memory at once. */
export async function digestOf(path: string, stage: string, run: Run): Promise<string> {
  const { size } = await stat(path);
  const hash = createHash("sha256");
  let done = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    run.signal?.throwIfAborted();
    hash.update(chunk);
    done += chunk.length;
    run.onProgress?.({ stage, done, total: size, unit: "bytes", note: `reading ${basename(path)}` });
  }
  return `sha256:${hash.digest("hex")}`;
}
