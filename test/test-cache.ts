import { homedir } from "node:os";
import { join } from "node:path";

/** Where tests keep what took long to get: builds of real peers, base models; the same place as `.ci/run`'s. */
export function testCache(...names: readonly string[]): string {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(caches, "kouwen-ci", ...names);
}
