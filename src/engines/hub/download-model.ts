import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { LimitExceeded } from "../../errors.js";
import { gib } from "../../gib.js";
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
/** Files under way at once: one connection seldom fills a line, and many annoy a hub. */
const PARALLEL = 4;

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
  const failed = new AbortController();
  const signal = AbortSignal.any(run.signal ? [run.signal, failed.signal] : [failed.signal]);
  const open = endpoint.kind === "modelscope" ? modelscopeRemote : huggingFaceRemote;
  const remote = open(id, endpoint.url, patientFetch(base, endpoint, signal));
  const files = await listModelFiles(remote);
  const partial = await claimPartial(folder);
  await requireSpace(partial, files, id);
  const report = reporter(files, new URL(endpoint.url).hostname, run);
  const fetchOne = async (file: ModelFile): Promise<void> => {
    await fetchFile(remote, file, join(partial, file.path), (bytes) => report(file, bytes), { signal });
    // An earlier try may have left it whole.
    report(file, file.sizeBytes);
  };
  const [config, ...others] = files;
  if (config) await fetchOne(config);
  await refuseEarly(partial);
  // What is small is whole before weights are under way.
  for (const group of [others.filter((file) => !isWeights(file)), others.filter(isWeights)]) {
    await inParallel(group, fetchOne, failed);
  }
  await finishPartial(partial, folder);
}

function isWeights({ path }: ModelFile): boolean {
  return path.endsWith(".safetensors");
}

/** Runs a task for each file, few at a time; the first failure stops all, and is thrown when none is under way any more. */
async function inParallel(
  files: readonly ModelFile[],
  task: (file: ModelFile) => Promise<void>,
  failed: AbortController,
): Promise<void> {
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file && !failed.signal.aborted; file = waiting.shift()) {
      await task(file).catch((error: unknown) => failed.abort(error));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  failed.signal.throwIfAborted();
}

/** Tells the sum over all files. */
function reporter(
  files: readonly ModelFile[],
  note: string,
  run: Run,
): (file: ModelFile, bytes: number) => void {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const there = new Map<ModelFile, number>();
  let reported = -REPORT_EVERY;
  return (file, bytes) => {
    there.set(file, bytes);
    const done = [...there.values()].reduce((sum, each) => sum + each, 0);
    if (done === reported || (Math.abs(done - reported) < REPORT_EVERY && done !== total)) return;
    reported = done;
    run.onProgress?.({ stage: "base", done, total, unit: "bytes", note });
  };
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
