import { copyFile, mkdir, rename, rm, rmdir, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeAtomic } from "../../files.js";
import { huggingFaceHome, isSet } from "./endpoints.js";
import { isWhole } from "./fetch-file.js";
import type { Destination } from "./destination.js";
import type { ModelFile } from "./model-files.js";
import { claimPartial } from "./partial-folder.js";
import { expandUser } from "./user-folder.js";

/** Where Hugging Face's own tools keep models: `HF_HUB_CACHE`, or `hub` in their home. */
export function huggingFaceCache(env: NodeJS.ProcessEnv): string {
  const chosen = env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  return resolve(chosen ? expandUser(chosen, env) : join(huggingFaceHome(env), "hub"));
}

/** The folder of one model there, with `blobs`, `snapshots` and `refs`. */
export function huggingFaceRepo(id: string, env: NodeJS.ProcessEnv): string {
  return join(huggingFaceCache(env), `models--${id.replace("/", "--")}`);
}

/**
 * A model's place in Hugging Face's cache. It is built in a folder that their tools pass over; `refs/main`, by which
 * they find the model, comes last. Their locks are not taken: none of their files is ever written in place.
 *
 * @param commit the commit of the files, which names the snapshot
 * @param elsewhere where an interrupted fetch may have left something too, see `claimPartial`
 * @source huggingface_hub 2.4: models--organisation--name/{blobs/hash,snapshots/commit/file,refs/main}; without
 *   symbolic links the snapshot holds the files themselves
 */
export async function inHuggingFaceCache(
  repo: string,
  commit: string,
  elsewhere: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Destination> {
  const snapshots = join(repo, "snapshots");
  const snapshot = join(snapshots, commit);
  // A model without this folder is damaged in their eyes.
  await mkdir(snapshots, { recursive: true });
  const partial = await claimPartial(partialsOf(repo), elsewhere);
  // What gets its name at once.
  const ready = join(partial, "ready");
  const blob = ({ digest }: ModelFile): string => join(repo, "blobs", digest!.hex);
  const tidy = async (): Promise<void> => {
    await rmdir(partial).catch(() => {});
    await tidyRepo(repo);
  };
  return {
    partial,
    names: [partialsOf(repo), ...elsewhere],
    kept: (file) => [blob(file), join(snapshot, file.path)],
    finish: async (files, kept) => {
      const linked = !isSet(env, "HF_HUB_DISABLE_SYMLINKS") && (await canLink(ready));
      for (const folder of [snapshot, join(repo, "blobs"), join(repo, "refs")]) {
        await mkdir(folder, { recursive: true });
      }
      for (const file of files) {
        const built = join(partial, file.path);
        const pointer = join(snapshot, file.path);
        if (linked) {
          if (!kept.has(file)) await rename(built, blob(file));
          // A file that is in the snapshot only, as where there were no links, stays there.
          if (existsSync(blob(file))) {
            await symlink(join("..", "..", "blobs", file.digest!.hex), await free(ready));
            await rename(ready, pointer);
          }
        } else if (!kept.has(file)) {
          await rename(built, pointer);
        } else if (!(await isWhole(file, pointer))) {
          await copyFile(blob(file), await free(ready));
          await rename(ready, pointer);
        }
      }
      const ref = join(partial, "main");
      await writeAtomic(ref, "base", (sink) => sink.write(commit));
      await rename(ref, join(repo, "refs", "main"));
      await rm(partial, { recursive: true, force: true });
      return snapshot;
    },
    discard: async () => {
      await rm(partial, { recursive: true, force: true });
      await tidy();
    },
    tidy,
  };
}

/** Takes away a model's folder in which there is nothing. */
export async function tidyRepo(repo: string): Promise<void> {
  for (const folder of [join(repo, "snapshots"), repo]) await rmdir(folder).catch(() => {});
}

/** What the partial folders in a model's folder are named after. */
export function partialsOf(repo: string): string {
  return join(repo, "kouwen");
}

/** A path at which nothing is. */
async function free(path: string): Promise<string> {
  await rm(path, { force: true });
  return path;
}

/** Windows allows links in its developer mode only, and some disks know none. */
async function canLink(probe: string): Promise<boolean> {
  return await symlink("target", await free(probe)).then(
    () => true,
    () => false,
  );
}
