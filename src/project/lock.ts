import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Unavailable } from "../errors.js";
import { isAlive } from "../is-alive.js";

/** A lock without a number this long after it was made was never finished: its maker died, or the disk was full. */
const UNFINISHED_MS = 5000;
const POLL_MS = 20;

/**
 * Keeps a second process out of a project folder until the returned function is called.
 *
 * @throws {Unavailable} a living process holds it; the lock of a dead one is taken over
 */
export async function lockProject(project: string): Promise<() => Promise<void>> {
  const path = join(project, ".lock");
  for (;;) {
    try {
      const handle = await open(path, "wx");
      const unlock = () => rm(path, { force: true });
      try {
        await handle.writeFile(String(process.pid)).finally(() => handle.close());
      } catch (error) {
        await unlock();
        throw error;
      }
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = await ownerOf(path);
      if (owner === undefined) continue;
      if (isHeld(owner)) {
        const message = `project: process ${owner} is at work in it. Wait for it, or stop it, and run again; if that is no kouwen, remove .lock in the project's folder.`;
        throw new Unavailable(message, { stage: "project", path });
      }
      if (owner === 0 && (await isFresh(path))) await setTimeout(POLL_MS);
      else await discard(path);
    }
  }
}

/** The number in a lock, 0 where there is none yet, undefined where there is no lock any more. */
async function ownerOf(path: string): Promise<number | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number(text) || 0;
}

function isHeld(owner: number): boolean {
  return owner > 0 && owner !== process.pid && isAlive(owner);
}

async function isFresh(path: string): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs < UNFINISHED_MS;
}

/** Takes a dead process' lock away; one that another process has put in its place meanwhile is put back. */
async function discard(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  // Whoever is first moves it; the others find none.
  const isMoved = await rename(path, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  if (!isMoved) return;
  if (isHeld((await ownerOf(aside)) ?? 0)) await rename(aside, path);
  else await rm(aside, { force: true });
}
