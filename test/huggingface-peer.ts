import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { pythonIn } from "../src/engines/llama-factory/environment.js";
import { packageRoot } from "../src/project/paths.js";
import { testCache } from "./test-cache.js";

const VERSION = "2.4.0";
const PEER = join(packageRoot, "test/golden/huggingface-cache/peer.py");
const run = promisify(execFile);

/** Calls Hugging Face's own client in a process of its own; gives what `peer.py` prints. */
export type Peer = (env: NodeJS.ProcessEnv, ...args: readonly string[]) => Promise<Record<string, unknown>>;

/** Hugging Face's own client, installed into the user's cache if it is not there. */
export async function huggingFacePeer(): Promise<Peer> {
  const folder = testCache(`huggingface_hub-${VERSION}`);
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}.partial`;
    await mkdir(testCache(), { recursive: true });
    await rm(partial, { recursive: true, force: true });
    await run("python3", ["-m", "venv", partial]);
    await run(pythonIn(partial), ["-m", "pip", "install", "--quiet", `huggingface_hub==${VERSION}`]);
    await rename(partial, folder);
  }
  return async (env, ...args) => {
    const { PATH } = process.env;
    const { stdout } = await run(pythonIn(folder), [PEER, ...args], { env: { PATH, ...env } });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
}

/** What lies in a folder: the hash of each file, and of each link where it leads; as `peer.py layout` prints it. */
export async function layoutOf(folder: string): Promise<Record<string, string>> {
  const layout: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll("\\", "/");
    layout[name] = entry.isSymbolicLink()
      ? `-> ${(await readlink(path)).replaceAll("\\", "/")}`
      : createHash("sha256")
          .update(await readFile(path))
          .digest("hex");
  }
  return layout;
}
