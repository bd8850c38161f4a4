import type { z } from "zod";
import { MalformedInput } from "../errors.js";
import { kebab } from "../kebab.js";

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
    const given = issue.path.reduce<unknown>(
      (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
      { ...chosen, ...flags },
    );
    const where = key in flags ? `--${kebab(key)}` : `kouwen.json ${key}`;
    throw new MalformedInput(
      `${stage} ${where}: ${describeIssue(issue, given)}. See kouwen ${stage} --help.`,
      { stage },
    );
  }
  const resolved: Resolved = {};
  for (const [key, value] of Object.entries(parsed.data)) {
    resolved[key] = { value, origin: key in flags ? "flag" : key in chosen ? "project" : "default" };
  }
  return { values: parsed.data, resolved };
}

/** What is wrong with a value, and what it may be. */
function describeIssue(issue: z.core.$ZodIssue, given: unknown): string {
  const value = (JSON.stringify(given) ?? "nothing").slice(0, 40);
  if (issue.code === "invalid_value") return `${value} is none of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_type") {
    return `${value} is not ${issue.expected === "int" ? "a whole number" : `of the kind ${issue.expected}`}`;
  }
  const counted = Array.isArray(given) ? `${given.length} entries` : value;
  if (issue.code === "too_big")
    return `${counted} (${issue.inclusive ? "at most" : "under"} ${issue.maximum})`;
  if (issue.code === "too_small")
    return `${counted} (${issue.inclusive ? "at least" : "over"} ${issue.minimum})`;
  return issue.code === "custom" ? `${value}: ${issue.message}` : issue.message;
}
