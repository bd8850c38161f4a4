import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Unavailable } from "../errors.js";
import { isAlive } from "../is-alive.js";

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
      const owner = Number(await readFile(path, "utf8").catch(() => ""));
      if (owner > 0 && owner !== process.pid && isAlive(owner)) {
        const message = `project: process ${owner} is at work in it. Wait for it, or stop it, and run again.`;
        throw new Unavailable(message, { stage: "project", path });
      }
      await rm(path, { force: true });
    }
  }
}
