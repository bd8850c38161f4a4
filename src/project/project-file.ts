import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MalformedInput } from "../errors.js";
import { readJson, writeJson } from "../files.js";

/** `kouwen.json`: what the person chose for a project, and every setting as it was last used. */
export type ProjectFile = z.infer<typeof projectFile>;

const projectFile = z.looseObject({
  /** Version of this layout. */
  kouwen: z.literal(1),
  /** Export files and folders, as absolute paths. */
  inputs: z.array(z.string()).default([]),
  /** The base model as the person named it. */
  base: z.string().optional(),
  /** By stage: what was chosen, by flag or by hand; the rest is default. */
  settings: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** By stage: every setting as last used, with its origin. Written, never read. */
  resolved: z.record(z.string(), z.unknown()).default({}),
});

/** Name of the project file; a folder that holds one is a project. */
export const PROJECT_FILE = "kouwen.json";

/** It holds what nothing else does, so that it is never replaced unasked. */
const MEND = "Mend it, or remove it and import again.";

/**
 * The project file of a folder, or a new empty one.
 *
 * @throws {MalformedInput} it is not JSON, or not of this layout
 */
export async function readProject(folder: string): Promise<ProjectFile> {
  if (!(await isProject(folder))) return projectFile.parse({ kouwen: 1 });
  const parsed = projectFile.safeParse(await readJson(join(folder, PROJECT_FILE), "project", MEND));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new MalformedInput(
    `project ${PROJECT_FILE}: ${issue.path.join(".") || "value"}: ${issue.message}. ${MEND}`,
    { stage: "project", path: PROJECT_FILE },
  );
}

/** Writes the project file. */
export async function writeProject(folder: string, file: ProjectFile): Promise<void> {
  await writeJson(join(folder, PROJECT_FILE), "project", file);
}

/** Whether a folder holds a project. */
export async function isProject(folder: string): Promise<boolean> {
  return access(join(folder, PROJECT_FILE)).then(
    () => true,
    () => false,
  );
}
