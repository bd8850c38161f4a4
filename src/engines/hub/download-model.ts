import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { LimitExceeded } from "../../errors.js";
import { readModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import { fetchFile } from "./fetch-file.js";
import { huggingFaceRemote } from "./hugging-face.js";
import { listModelFiles, type ModelFile } from "./model-files.js";
import { modelscopeRemote } from "./modelscope.js";
import { claimPartial, finishPartial } from "./partial-folder.js";
import { type Endpoint, patientFetch } from "./patient-fetch.js";

/** Bytes between two reports. */
const REPORT_EVERY = 1 << 20;

/**
 * Fetches a model from one endpoint into a folder, which gets its name only when every file is there with its size
 * and hash. An interrupted download goes on where it stopped, from any endpoint.
 *
 * @param id `organisation/name`
 * @throws {Unsupported} a model that we do not compute, seen before its weights are fetched
 * @throws {LimitExceeded} the disk cannot hold it
 */
export async function downloadModel(
  id: string,
  folder: string,
  endpoint: Endpoint,
  base: typeof fetch,
  run: Run,
): Promise<void> {
  const open = endpoint.kind === "modelscope" ? modelscopeRemote : huggingFaceRemote;
  const remote = open(id, endpoint.url, patientFetch(base, endpoint, run.signal));
  const files = await listModelFiles(remote);
  const partial = await claimPartial(folder);
  await requireSpace(partial, files, id);
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let before = 0;
  let reported = -REPORT_EVERY;
  for (const file of files) {
    run.signal?.throwIfAborted();
    const report = (bytes: number): void => {
      const done = before + bytes;
      if (done - reported < REPORT_EVERY && done !== total) return;
      reported = done;
      run.onProgress?.({ stage: "base", done, total, unit: "bytes", note: new URL(endpoint.url).hostname });
    };
    await fetchFile(remote, file, join(partial, file.path), report, run);
    before += file.sizeBytes;
    if (file.path === "config.json") await refuseEarly(partial);
  }
  await finishPartial(partial, folder);
}

/** A model that we do not compute leaves nothing behind. */
async function refuseEarly(partial: string): Promise<void> {
  try {
    await readModelConfig(partial, "base");
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function requireSpace(folder: string, files: readonly ModelFile[], id: string): Promise<void> {
  const needed = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new LimitExceeded(
    `base ${id}: ${gib(needed)} GiB are needed, ${gib(bavail * bsize)} GiB are free. Free some and run again.`,
    { stage: "base" },
  );
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
