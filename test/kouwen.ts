import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../src/project/paths.js";

/** What a call of the program did. */
export type Outcome = { code: number | null; stdout: string; stderr: string };

/** Calls the built program as a user would, in a home of its own. */
export function kouwen(
  args: readonly string[],
  home: string,
  more: {
    env?: Record<string, string>;
    cwd?: string;
    preload?: string;
    input?: string;
    onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
    onError?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Outcome> {
  const node = more.preload ? ["--import", more.preload] : [];
  const main = join(packageRoot, "dist/src/cli/main.js");
  const child = spawn(process.execPath, [...node, main, ...args], {
    env: { ...process.env, KOUWEN_HOME: home, HF_HUB_OFFLINE: "1", NODE_OPTIONS: "", ...more.env },
    ...(more.cwd === undefined ? {} : { cwd: more.cwd }),
  });
  more.onStart?.((signal) => child.kill(signal));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    more.onError?.(stderr, (signal) => child.kill(signal));
  });
  child.stdin.end(more.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
