import { homeOf, parentOf } from "./contact-name.js";
import type { ChatFile } from "./sources/source.js";

/** Finds files by name near another. */
export class Neighbours {
  #folders = new Map<string, Map<string, ChatFile>>();

  constructor(files: readonly ChatFile[]) {
    for (const file of files) {
      const home = homeOf(file);
      const folder = this.#folders.get(home) ?? new Map<string, ChatFile>();
      this.#folders.set(home, folder.set(file.name, file));
    }
  }

  /** The file of that name in the same folder, or in the nearest folder around it that holds one. */
  near(file: ChatFile, name: string): ChatFile | undefined {
    for (let folder = homeOf(file); folder !== ""; folder = parentOf(folder)) {
      const found = this.#folders.get(folder)?.get(name);
      if (found) return found;
    }
    return undefined;
  }
}
