import { copyFile, mkdir, rename, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { huggingFaceHome, isSet } from "./endpoints.js";
import type { Destination } from "./destination.js";
import type { ModelFile } from "./model-files.js";
import { claimPartial } from "./partial-folder.js";
import { expandUser } from "./user-folder.js";

/** Where Hugging Face's own tools keep models: `HF_HUB_CACHE`, or `hub` in their home. */
export function huggingFaceCache(env: NodeJS.ProcessEnv): string {
  const chosen = env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"];
  return chosen ? expandUser(chosen, env) : join(huggingFaceHome(env), "hub");
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
  const blob = ({ digest }: ModelFile): string => join(repo, "blobs", digest!.hex);
  const tidy = async (): Promise<void> => {
    await rmdir(partial).catch(() => {});
    await tidyRepo(repo);
  };
  return {
    partial,
    kept: (file) => [blob(file), join(snapshot, file.path)],
    finish: async (files) => {
      const linked = !isSet(env, "HF_HUB_DISABLE_SYMLINKS") && (await canLink(partial));
      for (const folder of [snapshot, join(repo, "blobs"), join(repo, "refs")]) {
        await mkdir(folder, { recursive: true });
      }
      for (const file of files) {
        const built = join(partial, file.path);
        if (linked) await leaveLink(built, blob(file), join("..", "..", "blobs", file.digest!.hex));
        else if (!existsSync(built) && existsSync(blob(file))) await copyFile(blob(file), built);
        // What is not there now is in the snapshot already.
        await renameIfThere(built, join(snapshot, file.path));
      }
      const ref = join(partial, "main");
      await writeFile(ref, commit);
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

/** Moves a file to its blob and puts a link, as the snapshot shall hold it, in its place. */
async function leaveLink(built: string, blob: string, target: string): Promise<void> {
  await renameIfThere(built, blob);
  if (existsSync(blob)) await symlink(target, built);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** Windows allows links in its developer mode only, and some disks know none. */
async function canLink(folder: string): Promise<boolean> {
  const probe = join(folder, "link");
  await rm(probe, { force: true });
  return await symlink("target", probe).then(
    () => rm(probe).then(() => true),
    () => false,
  );
}
