import type { Watcher } from "../project/runner.js";

/** A flag as help shows it and the parser takes it; its name is the key in camelCase. */
export type Flag = {
  /** `list` may be given several times or with commas, `repeated` several times only, as its values may hold commas. */
  kind: "string" | "number" | "boolean" | "list" | "repeated";
  describe: string;
  /** What stands for the value in help, such as `folder`. */
  hint?: string;
  default?: unknown;
};

/** How a command talks: data on stdout, everything for people on stderr. */
export type Io = Watcher & {
  json: boolean;
  signal: AbortSignal;
  /** A line for people. */
  say: (text: string) => void;
  /** The result: with `--json` the value on stdout as JSON, else the text on stdout, if there is any. */
  result: (value: unknown, text: string) => void;
};

/** A call of a command, already checked against its flags. */
export type Call = {
  positionals: string[];
  /** Given flags only, by camelCase name. */
  flags: Record<string, unknown>;
  io: Io;
};

/** A word after `kouwen`. */
export type Command = {
  name: string;
  /** One line, starting with a verb in lower case. */
  summary: string;
  /** Positional arguments as usage shows them, such as `<export>…`; empty for none. */
  usage: string;
  /** How many positionals are taken. */
  positionals: { min: number; max: number };
  flags: Record<string, Flag>;
  /** It has no result, so that `--json` would do nothing. */
  resultless?: true;
  /** Lines shown after the options. */
  examples?: string[];
  run: (call: Call) => Promise<void>;
};

const JSON_FLAG: Record<"json", Flag> = {
  json: { kind: "boolean", describe: "the result as JSON on stdout" },
};
const COMMON_FLAGS: Record<"debug" | "help", Flag> = {
  debug: { kind: "boolean", describe: "the whole stack of an error" },
  help: { kind: "boolean", describe: "this help" },
};

/** The flags of a command, and those that every command has. */
export function allFlags({ flags, resultless }: Command): Record<string, Flag> {
  return { ...flags, ...(resultless ? {} : JSON_FLAG), ...COMMON_FLAGS };
}
