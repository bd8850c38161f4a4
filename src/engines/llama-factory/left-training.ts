import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isAlive } from "../../is-alive.js";
import type { Run } from "../../progress.js";

const POLL_MS = 500;
const fileIn = (folder: string): string => join(folder, "process");

/** Notes which process trains in a prepared folder. */
export async function noteProcess(folder: string, pid: number): Promise<void> {
  await writeFile(fileIn(folder), String(pid));
}

/** Notes that none does any more. */
export async function forgetProcess(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

/**
 * Waits for the training that a killed Kouwen left in a prepared folder: it ends its step, saves a checkpoint and ends.
 *
 * @throws the signal's reason, if aborted while waiting
 */
export async function awaitLeftTraining(folder: string, { say, signal }: Run): Promise<void> {
  const pid = Number(await readFile(fileIn(folder), "utf8").catch(() => ""));
  if (pid <= 0 || !isAlive(pid)) return;
  // A number from before the machine was started anew is that of some other process by now.
  const { mtimeMs } = await stat(fileIn(folder));
  if (mtimeMs < Date.now() - 1000 * uptime()) return;
  say?.(`waits for process ${pid}, which saves a training that was cut off`);
  while (isAlive(pid)) {
    signal?.throwIfAborted();
    await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
