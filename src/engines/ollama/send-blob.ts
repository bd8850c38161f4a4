import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { Unavailable } from "../../errors.js";
import type { Run } from "../../progress.js";

/**
 * Sends a file to an Ollama under its digest, unless that has it.
 *
 * @throws {Unavailable} it was not taken
 */
export async function sendBlob(
  url: string,
  path: string,
  digest: string,
  stage: string,
  run: Run,
): Promise<void> {
  const blob = `${url}/api/blobs/${digest}`;
  const signal = run.signal ? { signal: run.signal } : {};
  if ((await fetch(blob, { method: "HEAD", ...signal })).ok) return;
  const { size } = await stat(path);
  const file = createReadStream(path, { highWaterMark: 1 << 20, ...signal });
  async function* counted(): AsyncGenerator<Buffer> {
    let done = 0;
    for await (const chunk of file as AsyncIterable<Buffer>) {
      done += chunk.length;
      run.onProgress?.({ stage, done, total: size, unit: "bytes", note: `sending ${basename(path)}` });
      yield chunk;
    }
  }
  try {
    const response = await fetch(blob, {
      method: "POST",
      headers: { "content-length": String(size) },
      body: Readable.toWeb(Readable.from(counted())) as unknown as NonNullable<RequestInit["body"]>,
      duplex: "half",
      ...signal,
    });
    if (response.ok) return;
    throw new Unavailable(
      `${stage} ${basename(path)}: Ollama did not take the file (HTTP ${response.status}). Free disk space there, and run again.`,
      { stage },
    );
  } finally {
    file.destroy();
  }
}
