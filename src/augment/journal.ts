import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";
import { diskFull } from "../files.js";

/** What a model made of something; the key stands for that thing and everything that decides the outcome. */
type Keyed = { key: string };

/**
 * Everything a model was ever asked in a project and what came of it, a line each, so that nothing is asked or paid
 * for twice: after a kill, or when chats are imported anew and most dialogues are the same.
 */
export class Journal<Outcome extends Keyed> {
  readonly #known: Map<string, Outcome>;
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(path: string, handle: FileHandle, known: Map<string, Outcome>) {
    this.#path = path;
    this.#handle = handle;
    this.#known = known;
  }

  /** Opens the journal at a path, new or as it was left. */
  static async open<Outcome extends Keyed>(path: string): Promise<Journal<Outcome>> {
    const handle = await open(path, "a", 0o600);
    const known = new Map<string, Outcome>();
    let torn = false;
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const outcome = parseLine(line) as Outcome | undefined;
      torn = outcome === undefined;
      if (outcome) known.set(outcome.key, outcome);
    }
    // A kill may have come in the middle of a line; the next one must not grow onto it.
    if (torn) await handle.appendFile("\n");
    return new Journal(path, handle, known);
  }

  get(key: string): Outcome | undefined {
    return this.#known.get(key);
  }

  /** Is on its way to the disk, past this process, when it returns. */
  async add(outcome: Outcome): Promise<void> {
    this.#known.set(outcome.key, outcome);
    try {
      await this.#handle.appendFile(`${JSON.stringify(outcome)}\n`);
    } catch (error) {
      throw diskFull(error, "augment", this.#path) ?? error;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function parseLine(line: string): Keyed | undefined {
  try {
    const outcome = JSON.parse(line) as Keyed;
    return typeof outcome.key === "string" ? outcome : undefined;
  } catch {
    return undefined;
  }
}
