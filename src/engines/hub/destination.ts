import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../progress.js";
import { huggingFaceRepo, inHuggingFaceCache, partialsOf } from "./huggingface-cache.js";
import type { ModelFile } from "./model-files.js";
import { claimPartial, finishPartial } from "./partial-folder.js";

/** Where a fetched model goes. */
export type Destination = {
  /** Where it is built. */
  partial: string;
  /** What partial folders of it are named after, see `claimPartial`. */
  names: readonly string[];
  /** Where a file of it may be already. */
  kept: (file: ModelFile) => string[];
  /** Gives everything its name; all but the kept files have been built. Returns the model's folder. */
  finish: (files: readonly ModelFile[], kept: ReadonlySet<ModelFile>) => Promise<string>;
  /** Takes away what was built. */
  discard: () => Promise<void>;
  /** Takes away folders in which nothing was built. */
  tidy: () => Promise<void>;
};

export type PlaceOptions = { cacheFolder: string; env: NodeJS.ProcessEnv };

/** A model's folder in our cache. */
export function ourFolder(id: string, cacheFolder: string): string {
  return join(cacheFolder, "models", id.replace("/", "--"));
}

/**
 * Where to build a model: in Hugging Face's cache if its hub names the commit, so that other programs find it; else, or
 * where that cannot be written, in ours.
 *
 * @param id `organisation/name`
 */
export async function destinationOf(
  id: string,
  commit: string | undefined,
  { cacheFolder, env }: PlaceOptions,
  run: Run,
): Promise<Destination> {
  const ours = ourFolder(id, cacheFolder);
  const repo = huggingFaceRepo(id, env);
  if (commit === undefined) return await inOurCache(ours, [partialsOf(repo)]);
  try {
    return await inHuggingFaceCache(repo, commit, [ours], env);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || code === "ENOSPC" || code === "EDQUOT") throw error;
    run.say?.(`Hugging Face's cache cannot be written (${code}); ${id} goes into Kouwen's own`);
    return await inOurCache(ours, []);
  }
}

async function inOurCache(folder: string, elsewhere: readonly string[]): Promise<Destination> {
  const partial = await claimPartial(folder, elsewhere);
  return {
    partial,
    names: [folder, ...elsewhere],
    kept: () => [],
    finish: async () => {
      await finishPartial(partial, folder);
      return folder;
    },
    discard: () => rm(partial, { recursive: true, force: true }),
    tidy: () => rmdir(partial).catch(() => {}),
  };
}
