import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../is-alive.js";

/**
 * A folder of this process in which `folder` can be built. What a process that is gone left of it is taken over, so
 * that a download goes on where it stopped; two living processes never share one.
 *
 * @param elsewhere other names of the same model, whose partial folders are taken over too, if they are on the same disk
 */
export async function claimPartial(folder: string, elsewhere: readonly string[] = []): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const mine = `${folder}.${process.pid}.partial`;
  if (existsSync(mine)) return mine;
  for (const place of [folder, ...elsewhere]) {
    for (const { path, owner } of await partialsNamed(place)) {
      if (isAlive(owner) && owner !== process.pid) continue;
      // Renaming is atomic: of two processes that want it, the second finds it gone.
      const taken = await rename(path, mine).then(
        () => true,
        () => false,
      );
      if (taken) return mine;
    }
  }
  await mkdir(mine, { recursive: true });
  return mine;
}

/** The partial folders in which `folder` is or was built, and the process of each. */
export async function partialsNamed(folder: string): Promise<{ path: string; owner: number }[]> {
  const parent = dirname(folder);
  const start = `${basename(folder)}.`;
  return (await readdir(parent).catch(() => []))
    .filter((name) => name.startsWith(start))
    .flatMap((name) => {
      const owner = /^(\d+)\.partial$/.exec(name.slice(start.length))?.[1];
      return owner === undefined ? [] : [{ path: join(parent, name), owner: Number(owner) }];
    });
}

/** Removes what processes that are gone left of a model that is whole now. */
export async function removeLeft(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const { path, owner } of await partialsNamed(folder)) {
      if (!isAlive(owner)) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Gives a folder that is whole its own name; one that another process finished meanwhile is kept instead. */
export async function finishPartial(partial: string, folder: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await readdir(folder);
    await rm(partial, { recursive: true, force: true });
  }
}
