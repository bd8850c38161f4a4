import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { LimitExceeded } from "../../errors.js";
import { gib } from "../../gib.js";
import { readModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import { type Destination, destinationOf, type PlaceOptions } from "./destination.js";
import { fetchFile, isWhole, sizeOf } from "./fetch-file.js";
import { huggingFaceRemote } from "./hugging-face.js";
import { inParallel } from "./in-parallel.js";
import { listModelFiles, type ModelFile } from "./model-files.js";
import { modelscopeRemote } from "./modelscope.js";
import { removeLeft } from "./partial-folder.js";
import { type Endpoint, patientFetch } from "./patient-fetch.js";
import { SourceFailed } from "./source-failed.js";
import { shardsIn } from "./whole-model.js";

/** Bytes between two reports: a slow line brings them in a second. */
const REPORT_EVERY = 1 << 16;
/** Files under way at once: one connection seldom fills a line, and many annoy a hub. */
const PARALLEL = 4;

/**
 * Fetches a model from one endpoint. Its folder gets its name only when every file is there with its size and hash. An
 * interrupted download goes on where it stopped, from any endpoint.
 *
 * @param id `organisation/name`
 * @returns the folder
 * @throws {Unsupported} a model that we do not compute, seen before its weights are fetched
 * @throws {LimitExceeded} the disk cannot hold it
 */
export async function downloadModel(
  id: string,
  endpoint: Endpoint,
  options: PlaceOptions & { fetch: typeof fetch },
  run: Run,
): Promise<string> {
  const failed = new AbortController();
  const signal = AbortSignal.any(run.signal ? [run.signal, failed.signal] : [failed.signal]);
  const open = endpoint.kind === "modelscope" ? modelscopeRemote : huggingFaceRemote;
  const remote = await open(id, endpoint.url, patientFetch(options.fetch, endpoint, signal));
  const files = await listModelFiles(remote);
  const destination = await destinationOf(id, remote.commit, options, run);
  const { partial } = destination;
  try {
    const kept = await keptWeights(files, destination, signal);
    const there = new Map<ModelFile, number>();
    for (const file of files) {
      there.set(file, kept.has(file) ? file.sizeBytes : await sizeOf(join(partial, file.path)));
    }
    await requireSpace(partial, missingBytes(there), id);
    const report = reporter(there, new URL(endpoint.url).hostname, run);
    const fetchOne = async (file: ModelFile): Promise<void> => {
      if (!kept.has(file))
        await fetchFile(remote, file, join(partial, file.path), (bytes) => report(file, bytes), { signal });
      // An earlier try may have left it whole.
      report(file, file.sizeBytes);
    };
    const [config, ...others] = files;
    if (config) await fetchOne(config);
    await refuseEarly(destination);
    // What is small is whole before weights are under way.
    await inParallel(
      others.filter((file) => !isWeights(file)),
      PARALLEL,
      fetchOne,
      failed,
    );
    requireShards(partial, files);
    await inParallel(others.filter(isWeights), PARALLEL, fetchOne, failed);
    const folder = await destination.finish(files, kept);
    await removeLeft(destination.names);
    return folder;
  } catch (error) {
    // Bad news before the first byte leave no folder.
    await destination.tidy();
    throw error;
  }
}

function isWeights({ path }: ModelFile): boolean {
  return path.endsWith(".safetensors");
}

/** The weights that need not be fetched, because another program or an older state of the model brought them. */
async function keptWeights(
  files: readonly ModelFile[],
  { kept }: Destination,
  signal: AbortSignal,
): Promise<Set<ModelFile>> {
  const found = new Set<ModelFile>();
  for (const file of files.filter(isWeights)) {
    for (const path of kept(file)) {
      signal.throwIfAborted();
      if (!found.has(file) && (await isWhole(file, path))) found.add(file);
    }
  }
  return found;
}

/** An index that names what the hub does not have would fail when the model is loaded. */
function requireShards(partial: string, files: readonly ModelFile[]): void {
  const there = new Set(files.map(({ path }) => path));
  if (there.has("model.safetensors")) return;
  const named = shardsIn(partial);
  const missing = named.find((name) => !there.has(name));
  if (missing !== undefined) throw new SourceFailed(`lacks ${missing.slice(0, 80)}, which its index names`);
  if (named.length === 0) throw new SourceFailed("has weights in parts without an index of them");
}

/** Tells the sum over all files, and at once what an earlier try left, which says nothing of the speed now. */
function reporter(
  there: Map<ModelFile, number>,
  note: string,
  run: Run,
): (file: ModelFile, bytes: number) => void {
  const total = sum([...there.keys()].map(({ sizeBytes }) => sizeBytes));
  let reported = -REPORT_EVERY;
  const report = (): void => {
    const done = sum(there.values());
    if (done === reported || (Math.abs(done - reported) < REPORT_EVERY && done !== total)) return;
    reported = done;
    run.onProgress?.({ stage: "base", done, total, unit: "bytes", note });
  };
  report();
  return (file, bytes) => {
    there.set(file, bytes);
    report();
  };
}

function missingBytes(there: ReadonlyMap<ModelFile, number>): number {
  return sum([...there].map(([{ sizeBytes }, bytes]) => Math.max(0, sizeBytes - bytes)));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** A model that we do not compute leaves nothing behind. */
async function refuseEarly({ partial, discard }: Destination): Promise<void> {
  try {
    await readModelConfig(partial, "base");
  } catch (error) {
    await discard();
    throw error;
  }
}

async function requireSpace(folder: string, needed: number, id: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new LimitExceeded(
    `base ${id}: ${gib(needed)} GiB are needed, ${gib(bavail * bsize)} GiB are free. Free some and run again.`,
    { stage: "base" },
  );
}
