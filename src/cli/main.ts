#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { KouwenError } from "../errors.js";
import { packageRoot } from "../project/paths.js";
import { parseCall } from "./arguments.js";
import { ask } from "./ask.js";
import type { Command, Io } from "./command.js";
import { describeFileError, describeUnexpected } from "./file-error.js";
import { commandHelp, programHelp } from "./help.js";
import { clock, createProgressBar } from "./progress-bar.js";

/** Commands in the order of the road; each is loaded only when it is called. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  demo: async () => (await import("./demo.js")).demo,
  run: async () => (await import("./run.js")).run,
  import: async () => (await import("./import.js")).importCommand,
  dialogue: async () => (await import("./dialogue.js")).dialogueCommand,
  augment: async () => (await import("./augment.js")).augmentCommand,
  train: async () => (await import("./train.js")).trainCommand,
  merge: async () => (await import("./merge.js")).mergeCommand,
  gguf: async () => (await import("./gguf.js")).ggufCommand,
  quantize: async () => (await import("./quantize.js")).quantizeCommand,
  serve: async () => (await import("./serve.js")).serveCommand,
  chat: async () => (await import("./chat.js")).chatCommand,
  compare: async () => (await import("./compare.js")).compareCommand,
  find: async () => (await import("./find.js")).find,
  forget: async () => (await import("./forget.js")).forget,
  pull: async () => (await import("./pull.js")).pull,
  models: async () => (await import("./models.js")).models,
  doctor: async () => (await import("./doctor.js")).doctor,
  setup: async () => (await import("./setup.js")).setup,
};

const ABORTED = 130;

async function main(argv: string[]): Promise<number> {
  const [word = "--help", ...rest] = argv;
  const version = await packageVersion();
  if (word === "--version") return print(version);
  if (word === "--help" || word === "-h" || (word === "help" && rest.length === 0)) {
    const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
    return print(programHelp(commands, version, process.stdout.columns));
  }
  if (word === "help") return main([...rest.slice(0, 1), "--help"]);
  const load = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (!load) return fail(`kouwen: there is no command "${word}". See kouwen --help.`);
  const command = await load();
  const debug = rest.includes("--debug");
  const stop = new AbortController();
  // The first Ctrl-C lets the step end and be saved; a second one does not wait.
  process.once("SIGINT", () => {
    process.once("SIGINT", endNow);
    process.stderr.write("\nstopping after this step; Ctrl-C again to stop at once\n");
    stop.abort(new Error("stopped"));
  });
  try {
    const { positionals, flags } = parseCall(command, rest);
    if (flags["help"] === true) return print(commandHelp(command, process.stdout.columns));
    await command.run({ positionals, flags, io: createIo(flags["json"] === true, stop.signal) });
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return fail("stopped; the same command goes on where it was", ABORTED);
    const known = error instanceof KouwenError ? error.message : describeFileError(error);
    if (known !== undefined && !debug) return fail(known);
    const about = error instanceof Error ? error : new Error(String(error));
    return fail(
      debug ? (about.stack ?? about.message) : `internal: ${describeUnexpected(about)}. --debug shows where.`,
    );
  }
}

/** Ends by the signal itself: an exit would first tear down what native code is in the middle of, and crash. */
function endNow(): void {
  // Programs that we have started are ended by those who listen.
  process.emit("exit", ABORTED);
  process.kill(process.pid, "SIGINT");
}

function createIo(json: boolean, signal: AbortSignal): Io {
  const bar = createProgressBar(process.stderr);
  const say = (text: string): void => {
    bar.clear();
    process.stderr.write(`${text}\n`);
  };
  return {
    json,
    signal,
    say,
    ask: (question) => {
      bar.clear();
      return ask(question, { input: process.stdin, output: process.stderr, signal });
    },
    onProgress: bar.show,
    onStage: ({ stage, result }) => {
      if (!result) return;
      const when = { now: clock(result.seconds), before: "done before", skipped: "skipped" }[result.done];
      say(`${stage.name.padEnd(9)} ${result.result.note} (${when})`);
      for (const warning of result.result.warnings ?? []) say(`${" ".repeat(9)} ! ${warning}`);
    },
    result: (value, text) => {
      bar.clear();
      if (json || text !== "") process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
    },
  };
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function fail(message: string, code = 1): number {
  process.stderr.write(`${process.stderr.isTTY ? "\r\u001B[K" : ""}${message}\n`);
  return code;
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

process.exitCode = await main(process.argv.slice(2));
