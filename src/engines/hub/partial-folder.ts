import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../is-alive.js";

/**
 * A folder of this process in which `folder` can be built. What a process that is gone left of it is taken over, so
 * that a download goes on where it stopped; two living processes never share one.
 */
export async function claimPartial(folder: string): Promise<string> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const mine = `${folder}.${process.pid}.partial`;
  const names = await readdir(parent);
  if (names.includes(basename(mine))) return mine;
  for (const name of names) {
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const owner = /^(\d+)\.partial$/.exec(name.slice(basename(folder).length + 1))?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    // Renaming is atomic: of two processes that want it, the second finds it gone.
    const taken = await rename(join(parent, name), mine).then(
      () => true,
      () => false,
    );
    if (taken) return mine;
  }
  await mkdir(mine);
  return mine;
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
