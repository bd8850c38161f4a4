import { parseArgs } from "node:util";
import { z } from "zod";
import { MalformedInput } from "../errors.js";
import { kebab } from "../kebab.js";
import { type SettingsSchema } from "../project/settings.js";
import { allFlags, type Command, type Flag } from "./command.js";

/** One flag for each setting of a stage, from its schema; a table, such as one of contacts, is for `kouwen.json` only. */
export function flagsOf(schema: SettingsSchema): Record<string, Flag> {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const flags: Record<string, Flag> = {};
  for (const [key, property] of Object.entries(properties)) {
    if (typeof property === "boolean") continue;
    const { type, enum: choices, description = "", default: fallback } = property;
    if (type === "object") continue;
    const kind = type === "integer" || type === "number" ? "number" : type === "array" ? "list" : type;
    flags[key] = {
      kind: kind === "number" || kind === "boolean" || kind === "list" ? kind : "string",
      describe: description,
      default: fallback,
      ...(choices ? { hint: choices.join("|") } : {}),
    };
  }
  return flags;
}

/** Those of a call's flags that are settings of a schema. */
export function settingsAmong(
  flags: Record<string, unknown>,
  schema: SettingsSchema,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).filter(([key]) => key in schema.shape));
}

/**
 * The positionals and flags of a call.
 *
 * @throws {MalformedInput} an unknown flag, a value of the wrong kind, too few or too many positionals
 */
export function parseCall(
  command: Command,
  argv: string[],
): { positionals: string[]; flags: Record<string, unknown> } {
  const known = allFlags(command);
  const refuse = (what: string): never => {
    throw new MalformedInput(`${command.name} ${what}. See kouwen ${command.name} --help.`, {
      stage: command.name,
    });
  };
  const options = Object.fromEntries(
    Object.entries(known).map(([key, { kind }]) => [
      kebab(key),
      {
        type: kind === "boolean" ? ("boolean" as const) : ("string" as const),
        multiple: kind === "list" || kind === "repeated",
        ...(key === "help" ? { short: "h" } : {}),
      },
    ]),
  );
  let parsed;
  try {
    parsed = parseArgs({
      args: joinNegatives(argv, known),
      options,
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    const [what = ""] = (error as Error).message.split(/[.\n]/);
    // What looks like the next flag is meant as such.
    return refuse(`arguments: ${what.replace("argument is ambiguous", "has no value")}`);
  }
  const flags: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(known)) {
    const given = parsed.values[kebab(key)];
    if (given === undefined) continue;
    if (flag.kind === "list") flags[key] = (given as string[]).flatMap((part) => part.split(","));
    else if (flag.kind !== "number") flags[key] = given;
    else if (given === "" || !Number.isFinite(Number(given)))
      refuse(`--${kebab(key)}: "${String(given)}" is not a number`);
    else flags[key] = Number(given);
  }
  const { min, max } = command.positionals;
  const count = parsed.positionals.length;
  if (flags["help"] !== true && count < min) refuse(`arguments: ${command.usage} is missing`);
  if (count > max) refuse(`arguments: "${parsed.positionals[max]}" is one too many`);
  return { positionals: parsed.positionals, flags };
}

/** `--seed -1` as `--seed=-1`: a number may begin as a flag does. */
function joinNegatives(argv: readonly string[], known: Record<string, Flag>): string[] {
  const numbers = new Set(
    Object.entries(known).flatMap(([key, { kind }]) => (kind === "number" ? [`--${kebab(key)}`] : [])),
  );
  const joined: string[] = [];
  for (const part of argv) {
    if (/^-[\d.]/.test(part) && numbers.has(joined.at(-1) ?? "")) joined.push(`${joined.pop()}=${part}`);
    else joined.push(part);
  }
  return joined;
}
