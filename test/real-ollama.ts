import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, mkdtemp, open, readFile, rename, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { isAlive } from "../src/is-alive.js";
import { testCache } from "./test-cache.js";

/** The newest that `go install` builds with its runner inside. */
export const OLLAMA_VERSION = "0.6.5";

const MODULE = "github.com/ollama/ollama";
/** Its build leaves out the sources for AMX, which the others refer to wherever the compiler may use it. */
const NO_AMX = process.arch === "x64" ? " -mno-amx-tile -mno-amx-int8 -mno-amx-bf16" : "";
const C_FLAGS = `-O3 -march=native${NO_AMX}`;
/** Without it a build by `go install` calls itself 0.0.0. */
const LINK_FLAGS = `-X=${MODULE}/version.Version=${OLLAMA_VERSION}`;
const BUILD_MS = 900_000;
const START_MS = 30_000;
const STOP_MS = 10_000;
const LOCK_POLL_MS = 500;

/**
 * An Ollama that runs, without a model, reached at `url`, with its models in `store`; `close` ends it and its runners and
 * deletes its files.
 */
export type RealOllama = { url: string; store: string; close(): Promise<void> };

/**
 * Starts a real Ollama on a free loopback port, with a home and models of its own. The first call on a machine builds
 * it, which takes about two minutes.
 *
 * @param options `env`: more variables for it, such as `OLLAMA_KEEP_ALIVE`
 * @throws no Go 1.24 or no C compiler is installed, or it does not start within 30 seconds
 */
export async function startOllama(options: { env?: Record<string, string> } = {}): Promise<RealOllama> {
  const program = await buildOllama();
  const home = await mkdtemp(join(tmpdir(), "kouwen-ollama-"));
  const store = join(home, "models");
  // The shell ends the whole group when this process is gone, however it went: its input ends then.
  const server = spawn("sh", ["-c", '"$0" serve & exec 2>&-; read -r _; kill -9 0', program], {
    // Port 0 lets the system choose one that is free.
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      OLLAMA_MODELS: store,
      OLLAMA_HOST: "127.0.0.1:0",
      ...options.env,
    },
    stdio: ["pipe", "ignore", "pipe"],
    // A process group of its own, so that the runners that it starts end with it.
    detached: true,
  });
  const close = async (): Promise<void> => {
    // All of the group hold it open.
    if (!server.stderr.closed) {
      const ended = once(server.stderr, "close", { signal: AbortSignal.timeout(STOP_MS) });
      killGroup(server, "SIGTERM");
      await ended.catch(() => {});
    }
    killGroup(server, "SIGKILL");
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = `http://${await listeningAddress(server)}`;
    const response = await fetch(`${url}/api/version`, { signal: AbortSignal.timeout(START_MS) });
    if (!response.ok) throw new Error(`Ollama answers ${response.status} to /api/version.`);
    return { url, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Host and port that it says it listens on. What it says is read on to its end, so that it never waits for a reader. */
async function listeningAddress(server: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`Ollama ${why}: ${said.trim().slice(-500)}`));
    };
    const timer = globalThis.setTimeout(() => fail("does not listen"), START_MS);
    server.once("error", (error) => fail(`does not start (${error.message})`));
    server.stderr!.once("close", () => fail("ended at once"));
    createInterface({ input: server.stderr! }).on("line", (line) => {
      const address = /Listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) {
        clearTimeout(timer);
        resolve(address);
      }
      said = `${said}\n${line}`.slice(-4096);
    });
  });
}

function killGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Path of the program in the user's cache, built if it is not there for these flags and this processor. */
async function buildOllama(): Promise<string> {
  const flags = createHash("sha256").update(`${C_FLAGS}\n${LINK_FLAGS}\n${cpus()[0]?.model}`);
  const folder = testCache(`ollama-${OLLAMA_VERSION}-${flags.digest("hex").slice(0, 12)}`);
  const program = join(folder, "ollama");
  const isThere = (): Promise<boolean> =>
    access(program).then(
      () => true,
      () => false,
    );
  if (await isThere()) return program;

  await mkdir(folder, { recursive: true });
  const unlock = await lockBuild(join(folder, "build.lock"));
  try {
    if (await isThere()) return program;
    const compiler = (await output("go", ["env", "CXX"])).trim();
    await output(compiler, ["--version"]);
    const partial = join(folder, `${process.pid}.partial`);
    await output("go", ["install", "-ldflags", LINK_FLAGS, `${MODULE}@v${OLLAMA_VERSION}`], {
      ...process.env,
      GOBIN: partial,
      CGO_ENABLED: "1",
      CGO_CFLAGS: C_FLAGS,
      CGO_CXXFLAGS: C_FLAGS,
    });
    await rename(join(partial, "ollama"), program);
    await rm(partial, { recursive: true });
    return program;
  } finally {
    await unlock();
  }
}

/** Waits until no other living process builds. */
async function lockBuild(path: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + BUILD_MS;
  for (;;) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(String(process.pid)).finally(() => handle.close());
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || Date.now() > deadline) throw error;
      const owner = Number(await readFile(path, "utf8").catch(() => ""));
      if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
      else await setTimeout(LOCK_POLL_MS);
    }
  }
}

/** What a program prints; one line says what is missing or went wrong. */
async function output(command: string, args: string[], env = process.env): Promise<string> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: BUILD_MS });
  let printed = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (complained = (complained + text).slice(-4096)));
  const ended = await new Promise<number | string>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    child.once("close", (code, signal) => resolve(code ?? signal ?? "error"));
  });
  if (ended === 0) return printed;
  if (ended === "ENOENT") {
    throw new Error(
      `A real Ollama is built from source, but ${command} is not installed. Install Go 1.24+ and a C++ compiler.`,
    );
  }
  throw new Error(
    `${command} ${args[0]} failed (${ended}): ${complained.trim().split("\n").slice(-3).join(" | ")}`,
  );
}
