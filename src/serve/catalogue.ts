import type { Readable } from "node:stream";
import type { ServedModel } from "./served-model.js";

/** What a model is made of, all by digests (`sha256:` and 64 hexadecimal digits) or names that exist. */
export type NewModel = {
  name: string;
  /** A served model, the same with another GGUF blob in place of its file, or a GGUF blob alone; blobs by digest. */
  from: { model: string; gguf?: string } | { blob: string };
  adapterBlob?: string;
  /** Each unless given as in the model that it is made from. */
  system?: string;
  messages?: ServedModel["messages"];
  parameters?: ServedModel["parameters"];
  license?: readonly string[];
};

/** All models that can be asked for by name. Names are looked up in any case, and without a tag mean `:latest`. */
export interface Catalogue {
  /** Newest first. */
  list(): Promise<ServedModel[]>;
  find(name: string): Promise<ServedModel | undefined>;
  /** @throws {MalformedInput} the name is none, or belongs to a project; a blob or model is not there */
  create(model: NewModel): Promise<void>;
  /** @returns whether there was a source */
  copy(source: string, destination: string): Promise<boolean>;
  /**
   * @returns whether there was one
   * @throws {Unsupported} it belongs to a project
   */
  remove(name: string): Promise<boolean>;
  hasBlob(digest: string): Promise<boolean>;
  /**
   * Keeps a file under its digest.
   *
   * @returns false if it was there already
   * @throws {MalformedInput} the digest is none, or another one than the bytes have
   */
  writeBlob(digest: string, bytes: Readable): Promise<boolean>;
  /** Path of a blob, for reading. */
  blobPath(digest: string): string;
}
