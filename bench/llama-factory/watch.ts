import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";

/** What a process and all that it started took. */
export type Usage = {
  seconds: number;
  /** Highest sum of resident memory, in GiB. */
  peakGib: number;
  /** Of the machine's processor time meanwhile, the share that went to others, 0 to 1. */
  othersShare: number;
  /** Load average over a minute, at the end. */
  load: number;
};

const PAGE = 4096;
const SAMPLING_MS = 100;

/**
 * Runs a program and watches its memory. Linux only: reads /proc.
 *
 * @throws with the last of its error output if it fails
 */
export async function runWatched(
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<Usage> {
  const start = performance.now();
  const before = await busyTicks();
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  let peak = 0;
  let ownTicks = 0;
  const sample = async () => {
    const tree = await readTree(child.pid!);
    peak = Math.max(peak, tree.bytes);
    ownTicks = Math.max(ownTicks, tree.ticks);
  };
  const timer = setInterval(() => void sample(), SAMPLING_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${errors}`);
  const seconds = (performance.now() - start) / 1000;
  const after = await busyTicks();
  const total = after.total - before.total;
  return {
    seconds,
    peakGib: peak / 2 ** 30,
    othersShare: Math.max(0, (after.busy - before.busy - ownTicks) / total),
    load: loadavg()[0]!,
  };
}

/** Resident bytes and processor time of a process and its descendants. */
async function readTree(pid: number): Promise<{ bytes: number; ticks: number }> {
  try {
    const [memory, stat, children] = await Promise.all([
      readFile(`/proc/${pid}/statm`, "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/task/${pid}/children`, "utf8"),
    ]);
    // After the command's name in parentheses: user and system time are the 12th and 13th fields.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    let bytes = Number(memory.split(" ")[1]) * PAGE;
    let ticks = Number(fields[11]) + Number(fields[12]);
    for (const child of children.split(" ").filter(Boolean)) {
      const tree = await readTree(Number(child));
      bytes += tree.bytes;
      ticks += tree.ticks;
    }
    return { bytes, ticks };
  } catch {
    return { bytes: 0, ticks: 0 };
  }
}

/** Of all processors since the machine started. */
async function busyTicks(): Promise<{ busy: number; total: number }> {
  const line = (await readFile("/proc/stat", "utf8")).split("\n", 1)[0]!;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, ...rest] = line
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const busy = user + nice + system + rest.reduce((sum, ticks) => sum + ticks, 0);
  return { busy, total: busy + idle + wait };
}
