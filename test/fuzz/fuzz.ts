import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Enough for what our readers hold of files of 30 KB, far too little for a list whose length a header made up. */
const HEAP_MIB = 256;
const MOST_RSS_MIB = 512;
const HANG_MS = 480_000;

/**
 * Reads damaged files in a process of their own with little memory, and fails with the number and seed of each that
 * did not give a result or one clear error.
 *
 * To repeat one: `node dist/test/fuzz/main.js --seed <seed> --from <number> --show`.
 *
 * @param program `main` reads all kinds of files of models, `load-main` gives GGUF files to llama.cpp, `exports-main`
 *   reads chat exports
 */
export async function fuzz(
  seed: string,
  count: number,
  program: "main" | "load-main" | "exports-main" = "main",
  more: readonly string[] = [],
): Promise<void> {
  const main = fileURLToPath(new URL(`${program}.js`, import.meta.url));
  const args = [`--max-old-space-size=${HEAP_MIB}`, main, "--seed", seed, "--count", String(count), ...more];
  // One that hangs is ended before the runner ends this process, so that the case can be named.
  const child = spawn(process.execPath, args, { timeout: HANG_MS });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  const lines = stdout.trimEnd().split("\n");
  const failed = lines.filter((line) => line.startsWith("failed"));
  assert.deepEqual(failed, []);
  const last = lines.findLast((line) => line.startsWith("case"));
  assert.equal(code, 0, `seed ${seed}, ${last}: the process ended with ${code}: ${stderr.slice(-500)}`);
  const counts = JSON.parse(lines.at(-1)!) as { read: number; refused: number };
  assert.equal(counts.read + counts.refused, count);
  // One format alone may be one that is never imported.
  const some = counts.read > 0 || more.length > 0;
  assert.ok(some && counts.refused > 0, "some files stay readable, others do not");
  const rss = Number(/^rss (\d+) MiB$/m.exec(stdout)![1]);
  assert.ok(rss < MOST_RSS_MIB, `${rss} MiB at the peak`);
}
