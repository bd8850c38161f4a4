import { existsSync } from "node:fs";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Unavailable } from "../../errors.js";
import { diskFull } from "../../files.js";
import type { Run } from "../../progress.js";
import { removeLeft } from "../hub/partial-folder.js";
import { runProgram } from "../hub/run-program.js";
import { SourceFailed } from "../hub/source-failed.js";
import { environmentFolder, type Environment, findEnvironment, probe, pythonIn } from "./environment.js";
import { lockSetup } from "./setup-lock.js";

const STAGE = "setup";

/** Pythons to build with, newest that the lock file was run with first; pip has no other way to choose one. */
const PYTHONS = ["python3.11", "python3.12", "python3.13", "python3", "python"];

/**
 * Builds LLaMA-Factory's environment from the lock file, by uv if it is there, else by venv and pip, under a temporary
 * name; it gets its own once it starts. An install that fits is used as it is, and
 * one that another process is building is waited for.
 *
 * @param options `device`: `cpu` has uv take a PyTorch without CUDA; pip takes what its index has for this system
 * @throws {Unavailable} no Python of a fitting version, the packages cannot be fetched, or the result does not start
 */
export async function setupEnvironment(
  files: { plug: string; requirements: string; home: string },
  options: { device: "auto" | "cpu"; fresh: boolean },
  env: NodeJS.ProcessEnv,
  run: Run,
): Promise<{ environment: Environment; built: boolean }> {
  const { plug, home } = files;
  const find = (): Promise<Environment | null> =>
    findEnvironment(plug, home, env).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
      return null;
    });
  const there = options.fresh ? null : await find();
  if (there) return { environment: there, built: false };
  const folder = environmentFolder(home);
  const unlock = await lockSetup(folder, run);
  // Of a process of its own, should two ever take over the same lock.
  const partial = `${folder}.${process.pid}.partial`;
  try {
    // Another process may have built it meanwhile.
    const built = options.fresh ? null : await find();
    if (built) return { environment: built, built: false };
    await removeLeft([folder]);
    await rm(partial, { recursive: true, force: true });
    await install(partial, files.requirements, options.device, env, run);
    run.onProgress?.({ stage: STAGE, done: 2, total: 3, unit: "steps", note: "import check" });
    await probe(pythonIn(partial), plug, env);
    // Before it has its name: whoever finds it may start its programs at once.
    await renameInScripts(partial, folder);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return { environment: await probe(pythonIn(folder), plug, env), built: true };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw diskFull(error, STAGE, folder) ?? error;
  } finally {
    await unlock();
  }
}

async function install(
  folder: string,
  requirements: string,
  device: "auto" | "cpu",
  env: NodeJS.ProcessEnv,
  run: Run,
): Promise<void> {
  const quiet = { ...env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" };
  const reasons: string[] = [];
  const attempt = async (note: string, done: number, program: string, args: string[]): Promise<boolean> => {
    run.onProgress?.({ stage: STAGE, done, total: 3, unit: "steps", note });
    try {
      await runProgram(program, args, { env: quiet, signal: run.signal });
      return true;
    } catch (error) {
      if (!(error instanceof SourceFailed)) throw error;
      reasons.push(`${note} ${error.message}`);
      return false;
    }
  };
  const python = pythonIn(folder);
  if (await attempt("uv", 0, "uv", ["venv", "--quiet", "--python", "3.11", folder])) {
    const backend = device === "cpu" ? ["--torch-backend", "cpu"] : [];
    const args = ["pip", "install", "--quiet", "--python", python, ...backend, "-r", requirements];
    if (await attempt("uv, several GB", 1, "uv", args)) return;
  }
  for (const program of PYTHONS) {
    await rm(folder, { recursive: true, force: true });
    const check = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))";
    if (!(await attempt(`${program}, version 3.11 to 3.13`, 0, program, ["-c", check]))) continue;
    if (!(await attempt(`${program} venv`, 0, program, ["-m", "venv", folder]))) continue;
    const args = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--only-binary",
      ":all:",
      "--no-binary",
      "fire,docstring-parser",
    ];
    if (await attempt(`${program} pip, several GB`, 1, python, [...args, "-r", requirements])) return;
    break;
  }
  throw new Unavailable(
    `${STAGE} llamafactory: ${reasons.join("; ")}. Install Python 3.11 or uv, see that a package index can be reached, and run it again.`,
    { stage: STAGE },
  );
}

/** Scripts of an environment name its Python by the path that it had when they were written; they get that of `later`. */
async function renameInScripts(folder: string, later: string): Promise<void> {
  const scripts = join(folder, "bin");
  if (!existsSync(scripts)) return;
  for (const name of await readdir(scripts)) {
    const path = join(scripts, name);
    const bytes = await readFile(path).catch(() => null);
    if (!bytes?.subarray(0, 2).equals(Buffer.from("#!"))) continue;
    await writeFile(path, bytes.toString("utf8").replaceAll(folder, later));
  }
}
