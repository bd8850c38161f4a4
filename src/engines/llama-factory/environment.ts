import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { Unavailable } from "../../errors.js";
import { parseJson } from "../../files.js";
import { failureCause } from "./failure.js";

const STAGE = "llamafactory";

/** The version that the files we write and the plug are made for. */
export const VERSION = "0.9.5";

/** What is in a Python environment, and what it can compute with. */
const probed = z.object({
  llamafactory: z.string(),
  torch: z.string(),
  transformers: z.string(),
  peft: z.string(),
  python: z.string(),
  /** CUDA devices. */
  gpus: z.number(),
  bf16: z.boolean(),
});

/** A Python that runs LLaMA-Factory. */
export type Environment = z.infer<typeof probed> & { executable: string };

/** Where LLaMA-Factory is looked for, and the file that starts it. */
export type FactoryPlace = { plug: string; home: string; env: NodeJS.ProcessEnv };

/** Files of this folder that are not TypeScript, as `packageRoot` has them. */
export function factoryFile(packageRoot: string, name: "plug.py" | "requirements.txt"): string {
  return join(packageRoot, "src/engines/llama-factory", name);
}

/** The Python of a virtual environment on this system. */
export function pythonIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Where `kouwen setup llamafactory` puts its environment. */
export function environmentFolder(home: string): string {
  return join(home, "llamafactory");
}

/**
 * Finds LLaMA-Factory: what `KOUWEN_LLAMAFACTORY` names (a Python, or the folder of its environment), else what
 * `kouwen setup llamafactory` made, else the one whose `llamafactory-cli` is on the search path.
 *
 * @throws {Unavailable} it is not there, does not start, or has another version; says what to do
 */
export async function findEnvironment(
  plug: string,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<Environment> {
  const named = env["KOUWEN_LLAMAFACTORY"];
  const place = named || environmentFolder(home);
  const own = existsSync(pythonIn(place)) ? pythonIn(place) : named;
  const executable = own || (await pythonOnPath(env));
  if (executable === undefined || !existsSync(executable)) {
    const what = named ? "KOUWEN_LLAMAFACTORY names no Python" : "LLaMA-Factory is not installed";
    throw new Unavailable(`${STAGE}: ${what}. Run kouwen setup llamafactory.`, { stage: STAGE });
  }
  return probe(executable, plug, env);
}

/** The Python of the first `llamafactory-cli` on the search path: what its first line names, or what lies beside it. */
async function pythonOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    const script = await readFile(join(folder, "llamafactory-cli"), "utf8").catch(() => "");
    const [, python] = /^#!(\S+)\n/.exec(script) ?? [];
    if (python !== undefined) return python;
    if (!existsSync(join(folder, "llamafactory-cli.exe"))) continue;
    return [folder, dirname(folder)].map((one) => join(one, "python.exe")).find((path) => existsSync(path));
  }
  return undefined;
}

/**
 * Starts a Python and asks what it has.
 *
 * @throws {Unavailable} it does not start LLaMA-Factory, or has another version than ours
 */
export async function probe(executable: string, plug: string, env: NodeJS.ProcessEnv): Promise<Environment> {
  const fail = (why: string, cause?: unknown): never => {
    throw new Unavailable(
      `${STAGE} python: ${why}. Run kouwen setup llamafactory, or let KOUWEN_LLAMAFACTORY name a Python that has ${VERSION}.`,
      { stage: STAGE, cause },
    );
  };
  const output = await promisify(execFile)(executable, [plug, "probe"], {
    env: quietEnvironment(env),
    windowsHide: true,
  }).catch((error: { stderr?: string; code?: unknown }) =>
    fail(failureCause(error.stderr ?? "") ?? `it ended with ${String(error.code)}`),
  );
  const last = output.stdout.trim().split("\n").at(-1) ?? "";
  const { data } = probed.safeParse(parseJson(last, STAGE, "probe"));
  if (!data) return fail("it gave no versions");
  if (data.llamafactory !== VERSION) fail(`LLaMA-Factory ${data.llamafactory} is not ${VERSION}`);
  return { ...data, executable };
}

/** Without what would let a Python load other packages, wait for a hub, or reach for the network. */
export function quietEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PYTHONPATH: _, PYTHONHOME: __, USE_V1: ___, ...rest } = env;
  return {
    ...rest,
    PYTHONUNBUFFERED: "1",
    PYTHONUTF8: "1",
    HF_HUB_OFFLINE: "1",
    OMP_WAIT_POLICY: "PASSIVE",
    DISABLE_VERSION_CHECK: "1",
    TOKENIZERS_PARALLELISM: "false",
  };
}
