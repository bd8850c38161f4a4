import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { readJson, writeJson } from "../files.js";

/** A batch that was handed in, or is about to be. */
export type BatchNote = {
  /** Made of the keys; the service can be asked for it. */
  name: string;
  /** Where it is; null for a service on this machine. */
  host: string | null;
  model: string;
  /** What stands in the journal for the dialogues that it asks about. */
  keys: string[];
  /** The service's own; absent until the service has told it. */
  id?: string;
};

/**
 * The batches of a project whose answers are not in the journal yet, kept in `augment.batches.json`, so that whoever goes
 * on after a kill knows what is paid for and not to be asked again.
 */
export class BatchNotes {
  readonly #path: string;
  #notes: readonly BatchNote[];

  private constructor(path: string, notes: readonly BatchNote[]) {
    this.#path = path;
    this.#notes = notes;
  }

  static async open(path: string): Promise<BatchNotes> {
    return new BatchNotes(path, existsSync(path) ? ((await readJson(path, "augment")) as BatchNote[]) : []);
  }

  /** Those of a model at a host. */
  of({ host, model }: Pick<BatchNote, "host" | "model">): BatchNote[] {
    return this.#notes.filter((note) => note.host === host && note.model === model);
  }

  /** Keeps a note, in place of one of the same name. */
  async keep(note: BatchNote): Promise<void> {
    await this.#write([...this.#without(note), note]);
  }

  async drop(note: BatchNote): Promise<void> {
    await this.#write(this.#without(note));
  }

  #without({ name }: BatchNote): BatchNote[] {
    return this.#notes.filter((one) => one.name !== name);
  }

  async #write(notes: readonly BatchNote[]): Promise<void> {
    this.#notes = notes;
    if (notes.length === 0) await rm(this.#path, { force: true });
    else await writeJson(this.#path, "augment", notes);
  }
}
