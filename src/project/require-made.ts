import { existsSync } from "node:fs";
import { basename } from "node:path";
import { Unavailable } from "../errors.js";
import { projectName } from "./project-name.js";

/**
 * Sees that something which a stage makes in a project is there.
 *
 * @throws {Unavailable} it is not; says what makes it
 */
export function requireMade(path: string, project: string, stage: string): void {
  if (existsSync(path)) return;
  const name = basename(path);
  throw new Unavailable(
    `${stage} ${name}: not there yet. Run the stages before it, or kouwen run --project ${projectName(project)}.`,
    { stage, path: name },
  );
}
