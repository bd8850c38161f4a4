import { basename, join, resolve } from "node:path";
import { MalformedInput } from "../errors.js";
import { kouwenHome } from "../project/paths.js";
import { isProject } from "../project/project-file.js";
import { projectsIn } from "../project/project-models.js";
import type { Flag } from "./command.js";

/** The flag that says which project a command works in. */
export const projectFlag: Record<"project", Flag> = {
  project: {
    kind: "string",
    hint: "name|folder",
    describe: "the project: a name in KOUWEN_HOME or a folder; default: the folder you stand in",
  },
};

/** The folder for a project's name or path: a plain word is a folder in `KOUWEN_HOME`. */
export function projectFolder(nameOrPath: string): string {
  return /[/\\]|^\.{1,2}$/.test(nameOrPath) ? resolve(nameOrPath) : join(kouwenHome(), nameOrPath);
}

/**
 * The project that a command on an existing project means.
 *
 * @throws {MalformedInput} there is none there; lists those in `KOUWEN_HOME`
 */
export async function existingProject(given: unknown, stage: string): Promise<string> {
  const folder = given === undefined ? process.cwd() : projectFolder(String(given));
  if (await isProject(folder)) return folder;
  const projects = (await projectsIn(kouwenHome())).map((path) => basename(path));
  const known =
    projects.length > 0
      ? `Choose one with --project: ${projects.join(", ")}`
      : "Start with kouwen run or kouwen demo";
  const where = given === undefined ? "this folder" : `"${String(given)}"`;
  throw new MalformedInput(`${stage} project: ${where} is not a project (it has no kouwen.json). ${known}.`, {
    stage,
  });
}
