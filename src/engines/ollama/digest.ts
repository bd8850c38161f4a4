import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { hashFile } from "../../hash-file.js";
import type { Run } from "../../progress.js";

/** `sha256:` and the hash of a file's bytes, which are never in memory at once. */
export async function digestOf(path: string, stage: string, run: Run): Promise<string> {
  const { size: total } = await stat(path);
  const note = `reading ${basename(path)}`;
  const hash = await hashFile(path, run.signal, (done) =>
    run.onProgress?.({ stage, done, total, unit: "bytes", note }),
  );
  return `sha256:${hash}`;
}
