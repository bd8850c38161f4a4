import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Flag } from "./command.js";

/** Names the base model; the project keeps it. */
export const baseFlag: Record<"base", Flag> = {
  base: {
    kind: "string",
    hint: "model",
    describe:
      "base model: short name, hub id, folder or GGUF file; default: the project's, else smollm2:135m",
  },
};

/** The base that a call names, a path as an absolute one; undefined where it names none. */
export function namedBase(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const name = String(given);
  return existsSync(name) ? resolve(name) : name;
}
