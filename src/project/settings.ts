import type { z } from "zod";
import { MalformedInput } from "../errors.js";

/** Flat table of a stage's settings: a zod object whose keys all have a default and a description. */
export type SettingsSchema = z.ZodObject;

/** A setting as it was used, and who chose it. */
export type Resolved = Record<string, { value: unknown; origin: "flag" | "project" | "default" }>;

/**
 * The values of a stage's settings: flags win over the project file, which wins over the schema's defaults.
 *
 * @param stage the stage word, for errors
 * @param chosen what `kouwen.json` says for this stage
 * @param flags what this call says
 * @throws {MalformedInput} a value that the schema refuses, or a key in the project file that it does not know
 */
export function resolveSettings<Schema extends SettingsSchema>(
  stage: string,
  schema: Schema,
  chosen: Record<string, unknown>,
  flags: Record<string, unknown>,
): { values: z.infer<Schema>; resolved: Resolved } {
  const unknownKey = Object.keys(chosen).find((key) => !(key in schema.shape));
  if (unknownKey !== undefined) {
    const known = Object.keys(schema.shape).join(", ");
    throw new MalformedInput(
      `${stage} kouwen.json: there is no setting "${unknownKey.slice(0, 40)}" (known: ${known}). Remove or rename it.`,
      { stage, path: "kouwen.json" },
    );
  }
  const parsed = schema.safeParse({ ...chosen, ...flags });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const key = String(issue.path[0]);
    const where = key in flags ? `--${kebab(key)}` : `kouwen.json ${key}`;
    throw new MalformedInput(`${stage} ${where}: ${issue.message}. See kouwen ${stage} --help.`, { stage });
  }
  const resolved: Resolved = {};
  for (const [key, value] of Object.entries(parsed.data)) {
    resolved[key] = { value, origin: key in flags ? "flag" : key in chosen ? "project" : "default" };
  }
  return { values: parsed.data, resolved };
}

/** `learningRate` as a flag is spelled: `learning-rate`. */
export function kebab(key: string): string {
  return key.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
