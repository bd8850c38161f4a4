import { readdir, stat } from "node:fs/promises";
import { basename } from "node:path";
import { MalformedInput } from "../errors.js";
import { shownName } from "./shown-name.js";

/**
 * Sees that what a person named is there, before a project keeps it among what it is made of.
 *
 * @throws {MalformedInput} there is nothing at a path, an empty folder, or a device that may never end
 */
export async function checkInputs(inputs: readonly string[]): Promise<void> {
  for (const path of inputs) {
    const found = await stat(path).catch(() => undefined);
    if (!found) refuse(path, "no such file or folder. Check the path");
    if (!found.isFile() && !found.isDirectory())
      refuse(path, "neither a file nor a folder. Name an exported file");
    // What cannot be listed is told when it is read.
    const names = found.isDirectory() ? await readdir(path).catch(() => [""]) : [""];
    if (names.length === 0)
      refuse(path, "the folder is empty. Put exported chats into it, or name another folder");
  }
}

function refuse(path: string, what: string): never {
  const label = shownName(basename(path));
  throw new MalformedInput(`import ${label}: ${what}.`, { stage: "import", path: label });
}
