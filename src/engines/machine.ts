import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import os from "node:os";
import { promisify } from "node:util";

/** What this computer is, as far as training and serving care. */
export type Machine = {
  processor: string;
  cores: number;
  memoryGib: number;
  availableMemoryGib: number;
  diskFreeGib: number;
  /** Vector instructions that make matrix products faster, of those we know; null where nothing tells. */
  vectors: string[] | null;
};

/** Linux and macOS names of the instructions that matter, and ours. */
const VECTORS: readonly (readonly [linux: string, mac: string, ours: string])[] = [
  ["avx2", "avx2_0", "AVX2"],
  ["avx512f", "avx512f", "AVX512"],
  ["avx512_vnni", "avx512vnni", "AVX512-VNNI"],
  ["avx_vnni", "avxvnni", "AVX-VNNI"],
  ["avx512_bf16", "avx512_bf16", "AVX512-BF16"],
  ["amx_int8", "amx_int8", "AMX"],
  ["asimd", "neon", "NEON"],
];

/**
 * Looks at the computer. Starts nothing that takes long.
 *
 * @param folder on the disk whose free space counts
 */
export async function readMachine(folder: string): Promise<Machine> {
  const { bavail, bsize } = await statfs(folder);
  return {
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGib: gib(os.totalmem()),
    availableMemoryGib: gib(process.availableMemory()),
    diskFreeGib: gib(bavail * bsize),
    vectors: await readVectors(),
  };
}

/** To a tenth. */
function gib(bytes: number): number {
  return Math.round((bytes / 2 ** 30) * 10) / 10;
}

async function readVectors(): Promise<string[] | null> {
  if (process.platform === "linux") {
    const info = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
    const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(info)?.[1]?.trim().split(/\s+/));
    return VECTORS.filter(([linux]) => flags.has(linux)).map(([, , name]) => name);
  }
  if (process.platform === "darwin") {
    if (process.arch === "arm64") return ["NEON"];
    const { stdout } = await promisify(execFile)("sysctl", [
      "-n",
      "machdep.cpu.features",
      "machdep.cpu.leaf7_features",
    ]);
    const flags = new Set(stdout.toLowerCase().split(/\s+/));
    return VECTORS.filter(([, mac]) => flags.has(mac)).map(([, , name]) => name);
  }
  return null;
}
