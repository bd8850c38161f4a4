import { spawn } from "node:child_process";
import { SourceFailed } from "./source-failed.js";

/** Enough of a program's output to find its last line in. */
const KEPT_CHARACTERS = 4096;

/**
 * Runs a program to its end without a shell; nothing of its output is shown.
 *
 * @throws {SourceFailed} it is not installed or failed; says its last line, without paths and addresses
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<void> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const stop = (): void => void child.kill();
  options.signal?.addEventListener("abort", stop, { once: true });
  let said = "";
  const keep = (text: string): void => void (said = (said + text).slice(-KEPT_CHARACTERS));
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const ended = await new Promise<number | string>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    child.on("close", (code, signal) => resolve(code ?? signal ?? "error"));
    // A stopped program is gone even while something that it started still holds its output open.
    child.on("exit", () => options.signal?.aborted && resolve("stopped"));
  });
  options.signal?.removeEventListener("abort", stop);
  options.signal?.throwIfAborted();
  if (ended === 0) return;
  if (ended === "ENOENT") throw new SourceFailed("is not installed");
  const last = lastLine(said);
  throw new SourceFailed(`failed (${ended})${last === "" ? "" : `: ${last}`}`);
}

/** The last line that tells something; paths and addresses, which may hold names and keys, become an ellipsis. */
function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const telling = lines.findLast((line) => /^error/i.test(line.trim())) ?? lines.at(-1) ?? "";
  return telling
    .replaceAll(/\S*[/\\]\S*/g, "…")
    .replaceAll(/[^\x20-\x7e…]/g, "")
    .trim()
    .slice(0, 160);
}
