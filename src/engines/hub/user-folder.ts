import { homedir } from "node:os";
import { join } from "node:path";

/** The user's folder, by the variable in which the hubs' own tools look for it. */
export function userFolder(env: NodeJS.ProcessEnv): string {
  return env[process.platform === "win32" ? "USERPROFILE" : "HOME"] || homedir();
}

/** A path out of a variable, as Python's tools read it: a `~` at its beginning is the user's folder. */
export function expandUser(path: string, env: NodeJS.ProcessEnv): string {
  return /^~(?=[/\\]|$)/.test(path) ? join(userFolder(env), path.slice(1)) : path;
}
