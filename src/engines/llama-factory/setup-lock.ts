import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isAlive } from "../../is-alive.js";
import type { Run } from "../../progress.js";

const POLL_MS = 500;

/**
 * Waits until no other living process sets up `folder`, and keeps others waiting until the returned function is called.
 * The lock of a process that is gone is taken over.
 *
 * @throws the signal's reason, if aborted while waiting
 */
export async function lockSetup(folder: string, { say, signal }: Run): Promise<() => Promise<void>> {
  const path = `${folder}.lock`;
  const mine = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  let told = 0;
  try {
    // Linked, not created and then written: a lock never lacks its owner, however a process ends.
    await writeFile(mine, String(process.pid));
    for (;;) {
      signal?.throwIfAborted();
      try {
        await link(mine, path);
        return () => rm(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const owner = Number(await readFile(path, "utf8").catch(() => ""));
      if (owner === process.pid || (owner > 0 && !isAlive(owner))) {
        await rm(path, { force: true });
        continue;
      }
      if (owner > 0 && owner !== told) say?.(`waits for process ${owner}, which sets up LLaMA-Factory`);
      told = owner;
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    await rm(mine, { force: true });
  }
}
