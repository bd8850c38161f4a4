import { basename, dirname, relative, sep } from "node:path";
import { kouwenHome } from "./paths.js";

/** What `--project` takes for a project's folder: its name in `KOUWEN_HOME`, or its path from where you stand. */
export function projectName(project: string): string {
  const path = relative(process.cwd(), project);
  const isBelow = path !== "" && !path.includes(sep) && path !== "..";
  const name =
    dirname(project) === kouwenHome() ? basename(project) : isBelow ? `.${sep}${path}` : path || ".";
  return /^[\p{L}\p{N}._/\\:-]+$/u.test(name) ? name : `"${name}"`;
}
