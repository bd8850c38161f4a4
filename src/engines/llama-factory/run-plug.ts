import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Unavailable } from "../../errors.js";
import { failureCause } from "./failure.js";
import { forgetProcess, noteProcess } from "./left-training.js";

/** Enough of the output's end to find the cause of a failure in. */
const KEPT_BYTES = 1 << 16;
/** A disk with less than this free is full: then its log, too, may not tell why it failed. */
const FULL_BELOW_BYTES = 1 << 20;

/**
 * Runs one of the plug's commands in a prepared folder; its output is added to a log.
 *
 * Aborted before training has begun, it is killed. Later it is asked to stop: it ends its step, saves a checkpoint and
 * the adapter, and this function returns. If this process is killed, the plug does the same by itself.
 *
 * @throws {Unavailable} it failed; names the cause where it is known
 */
export async function runPlug(
  command: "train" | "export" | "ids",
  place: { executable: string; folder: string; log: string; env: NodeJS.ProcessEnv },
  signal?: AbortSignal,
  more: readonly string[] = [],
): Promise<void> {
  const { executable, folder, log, env } = place;
  signal?.throwIfAborted();
  await mkdir(dirname(log), { recursive: true });
  const file = await open(log, "a+");
  const { size } = await file.stat();
  const child = spawn(executable, ["plug.py", command, ...more, "--until-stdin-ends"], {
    cwd: folder,
    env,
    // Straight into the file, since a pipe would break when this process is killed, and the training with it.
    stdio: ["pipe", file.fd, file.fd],
    windowsHide: true,
    // In a group of its own: Ctrl-C at the terminal is for us to hand on.
    detached: process.platform !== "win32",
  });
  // A process that is gone takes no end of its input.
  child.stdin!.on("error", () => {});
  const kill = (): void => killTree(child);
  const stop = (): void => {
    if (existsSync(join(folder, "started"))) child.stdin!.end();
    else kill();
  };
  signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", kill);
  const end = new Promise<number | string>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    child.on("close", (code, by) => resolve(code ?? by ?? "error"));
  });
  if (child.pid !== undefined) await noteProcess(folder, child.pid);
  const ended = await end;
  await forgetProcess(folder);
  process.off("exit", kill);
  signal?.removeEventListener("abort", stop);
  child.stdin!.destroy();
  const tail = await readTail(file, size).finally(() => file.close());
  if (ended === 0) return;
  if (signal?.aborted && !existsSync(join(folder, "started"))) signal.throwIfAborted();
  const killed = ended === "SIGKILL" || ended === -9 || ended === 137;
  const why = killed
    ? "out of memory, or killed by the system"
    : (failureCause(tail) ?? (await whenFull(folder)));
  const cause = ended === "ENOENT" ? "its Python is not there; run kouwen setup llamafactory" : why;
  throw new Unavailable(
    `${command === "export" ? "merge" : "train"} llamafactory: ${cause ?? `it ended with ${ended}; its log tells more: logs/train.llamafactory.log`}.`,
    { stage: "train" },
  );
}

async function whenFull(folder: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < FULL_BELOW_BYTES ? failureCause("ENOSPC") : undefined;
}

/** The end of what was added to a log that had `before` bytes. */
async function readTail(log: FileHandle, before: number): Promise<string> {
  const { size } = await log.stat();
  const length = Math.min(size - before, KEPT_BYTES);
  const { buffer } = await log.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString("utf8");
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === "win32") spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"]);
    // Not SIGKILL: torchrun's processes are in sessions of their own, and only it can end them.
    else process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has just ended by itself.
  }
}
