import { kebab } from "../kebab.js";
import { allFlags, type Command, type Flag } from "./command.js";

/** Of a line where no terminal says otherwise. */
const WIDTH = 100;
/** Under this a second column is no use. */
const NARROWEST = 50;

/** The help of one command, for a terminal of that many columns. */
export function commandHelp(command: Command, width: number = WIDTH): string {
  const usage = ["kouwen", command.name, command.usage, "[options]"].filter((part) => part !== "").join(" ");
  const lines = [`kouwen ${command.name}: ${command.summary}`, "", `Usage: ${usage}`, "", "Options:"];
  lines.push(...columns(Object.entries(allFlags(command)).map(flagRow), width));
  if (command.examples?.length) lines.push("", "Examples:", ...command.examples.map((line) => `  ${line}`));
  return lines.join("\n");
}

/** The help of the program: what it is and its commands. */
export function programHelp(
  commands: readonly Pick<Command, "name" | "summary">[],
  version: string,
  width: number = WIDTH,
): string {
  return [
    `kouwen ${version}: turns exported chats into a small local model that texts like you`,
    "",
    "Usage: kouwen <command> [options]",
    "",
    "Commands:",
    ...columns(
      commands.map(({ name, summary }) => [name, summary]),
      width,
    ),
    "",
    "kouwen <command> --help tells more. Projects live in KOUWEN_HOME (default ~/.kouwen).",
  ].join("\n");
}

function flagRow([key, flag]: [string, Flag]): [string, string] {
  const hint =
    flag.hint ??
    { string: "text", number: "number", list: "a,b,…", repeated: "text", boolean: "" }[flag.kind];
  const value = flag.kind === "boolean" || hint === "" ? "" : ` <${hint}>`;
  const fallback = flag.default;
  const shown =
    fallback === undefined || fallback === false || String(fallback) === ""
      ? ""
      : ` (default ${String(fallback)})`;
  return [`--${kebab(key)}${value}`, `${flag.describe}${shown}`];
}

/** Two columns, the second wrapped. */
function columns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const whole = Math.min(WIDTH, Math.max(NARROWEST, width));
  const left = Math.min(Math.floor(whole / 3) + 1, Math.max(...rows.map(([name]) => name.length)) + 2);
  return rows.flatMap(([name, text]) => {
    const wrapped = wrap(text, whole - 2 - left);
    const first = name.length + 2 > left ? [`  ${name}`, ...indent(wrapped, left)] : undefined;
    return first ?? [`  ${name.padEnd(left)}${wrapped[0] ?? ""}`, ...indent(wrapped.slice(1), left)];
  });
}

function indent(lines: readonly string[], left: number): string[] {
  return lines.map((line) => " ".repeat(left + 2) + line);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
