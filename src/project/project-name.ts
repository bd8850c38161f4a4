import { basename, dirname, relative, sep } from "node:path";
import { kouwenHome } from "./paths.js";

/** What `--project` takes for a project's folder: its name in `KOUWEN_HOME`, or its path from where you stand. */
export function projectName(project: string): string {
  const name = dirname(project) === kouwenHome() ? basename(project) : pathFromHere(project);
  return /^[\p{L}\p{N}._/\\:-]+$/u.test(name) ? name : `"${name}"`;
}

/** With a separator in any case, so that it is no name, and none of dots at its end, where a sentence may end. */
function pathFromHere(folder: string): string {
  const path = relative(process.cwd(), folder);
  if (path === "" || path.endsWith("..")) return `${path || "."}${sep}`;
  return path.includes(sep) ? path : `.${sep}${path}`;
}
