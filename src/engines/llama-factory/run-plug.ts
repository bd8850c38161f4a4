import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { Unavailable } from "../../errors.js";
import { failureCause } from "./failure.js";

/** Enough of the output to find the cause of a failure in. */
const KEPT_CHARACTERS = 1 << 16;
/** Lines in which LLaMA-Factory quotes a conversation. */
const QUOTING = /Dropped invalid|Invalid (?:role|message)|^inputs:|^labels:/;

/**
 * Runs one of the plug's commands in a prepared folder; its output goes into a log, without what quotes chats.
 *
 * Aborted before training has begun, it is killed. Later it is asked to stop: it ends its step, saves a checkpoint and
 * the adapter, and this function returns.
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
  const file = createWriteStream(log, { flags: "a" });
  // A log that cannot be written must not stop the work.
  file.on("error", () => {});
  const child = spawn(executable, ["plug.py", command, ...more], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    // In a group of its own: Ctrl-C at the terminal is for us to hand on.
    detached: process.platform !== "win32",
  });
  const kill = (): void => killTree(child);
  const stop = (): void => {
    if (existsSync(join(folder, "started"))) void writeFile(join(folder, "stop"), "");
    else kill();
  };
  signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", kill);
  let tail = "";
  let line = "";
  const keep = (text: string): void => {
    const lines = (line + text).split("\n");
    line = lines.pop()!;
    const shown = lines.filter((one) => !QUOTING.test(one));
    tail = (tail + shown.join("\n")).slice(-KEPT_CHARACTERS);
    if (shown.length > 0) file.write(`${shown.join("\n")}\n`);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const ended = await new Promise<number | string>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    child.on("close", (code, by) => resolve(code ?? by ?? "error"));
  });
  keep("\n");
  process.off("exit", kill);
  signal?.removeEventListener("abort", stop);
  file.end();
  await finished(file).catch(() => {});
  if (ended === 0) return;
  if (signal?.aborted && !existsSync(join(folder, "started"))) signal.throwIfAborted();
  const killed = ended === "SIGKILL" || ended === -9 || ended === 137;
  const why = killed ? "out of memory, or killed by the system" : failureCause(tail);
  const cause = ended === "ENOENT" ? "its Python is not there; run kouwen setup llamafactory" : why;
  throw new Unavailable(
    `${command === "export" ? "merge" : "train"} llamafactory: ${cause ?? `it ended with ${ended}; its log tells more: logs/train.llamafactory.log`}.`,
    { stage: "train" },
  );
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
