import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/project/paths.js";
import type { TestFile } from "./read-source.js";

/**
 * An invented export of `test/exports`, where it would lie on somebody's disk.
 *
 * @param source the format's id, which names the folder
 */
export function exampleExport(source: string, path: string): TestFile {
  return { path, content: readFileSync(join(packageRoot, "test", "exports", source, path)) };
}
