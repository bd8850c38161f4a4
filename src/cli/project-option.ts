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

/** The same for a command that makes the project if need be. */
export const madeProjectFlag: Record<"project", Flag> = {
  project: {
    kind: "string",
    hint: "name|folder",
    describe:
      "the project: a name in KOUWEN_HOME or a folder; default: named after --owner, else after the export",
  },
};

/** Folders in `KOUWEN_HOME` that hold other things. */
const KEPT = ["cache", "serve", "llamafactory"];

/**
 * The folder of a project that a command makes, or goes on with.
 *
 * @throws {MalformedInput} the name is empty, or that of a folder for other things
 */
export async function projectToMake(nameOrPath: string, stage: string): Promise<string> {
  const folder = projectFolder(nameOrPath, stage);
  if (KEPT.some((name) => folder === join(kouwenHome(), name)) && !(await isProject(folder))) {
    throw new MalformedInput(
      `${stage} --project: "${basename(folder)}" is a folder of Kouwen's own (${KEPT.join(", ")}). Give another name.`,
      { stage },
    );
  }
  return folder;
}

/** The folder for a project's name or path: a plain word is a folder in `KOUWEN_HOME`. */
function projectFolder(nameOrPath: string, stage: string): string {
  if (nameOrPath.trim() === "") {
    throw new MalformedInput(
      `${stage} --project: the name is empty. Give a name in KOUWEN_HOME or a folder.`,
      { stage },
    );
  }
  return /[/\\]|^\.{1,2}$/.test(nameOrPath) ? resolve(nameOrPath) : join(kouwenHome(), nameOrPath);
}

/**
 * The project that a command on an existing project means.
 *
 * @throws {MalformedInput} there is none there; lists those in `KOUWEN_HOME`
 */
export async function existingProject(given: unknown, stage: string): Promise<string> {
  const folder = given === undefined ? process.cwd() : projectFolder(String(given), stage);
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
