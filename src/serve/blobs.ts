import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MalformedInput } from "../errors.js";
import { diskFull } from "../files.js";

const KEPT_MS = 60 * 60 * 1000;
const DIGEST = /^sha256[:-]([0-9a-f]{64})$/;

/** Files under the SHA-256 of their bytes, as clients upload them. */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Path of a blob, whether it is there or not.
   *
   * @param digest `sha256:` or `sha256-`, and 64 hexadecimal digits
   * @throws {MalformedInput} it is something else
   */
  path(digest: string): string {
    const hex = DIGEST.exec(digest)?.[1];
    // What comes from a request reaches the file system as these digits only.
    if (hex !== undefined) return join(this.#folder, `sha256-${hex}`);
    throw new MalformedInput("invalid digest format", { stage: "serve" });
  }

  /** Whether a blob is there. */
  async has(digest: string): Promise<boolean> {
    return access(this.path(digest)).then(
      () => true,
      () => false,
    );
  }

  /**
   * Keeps bytes under their digest.
   *
   * @returns false if they were there already
   * @throws {MalformedInput} they have another digest
   * @throws {LimitExceeded} the disk is full
   */
  async write(digest: string, bytes: Readable): Promise<boolean> {
    const path = this.path(digest);
    if (await this.has(digest)) {
      // A client that still sends is heard to its end, as it might not read an answer before.
      bytes.resume();
      return false;
    }
    const temporary = `${path}.${randomUUID()}.partial`;
    const hash = createHash("sha256");
    try {
      await mkdir(this.#folder, { recursive: true });
      await pipeline(
        bytes,
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(temporary, { flush: true }),
      );
      const found = hash.digest("hex");
      if (!path.endsWith(found)) {
        const message = `digest mismatch, expected "${digest.replace("-", ":")}", got "sha256:${found}"`;
        throw new MalformedInput(message, { stage: "serve" });
      }
      await rename(temporary, path);
      return true;
    } catch (error) {
      await rm(temporary, { force: true });
      throw diskFull(error, "serve", "blob") ?? error;
    }
  }

  /**
   * Removes what nobody needs: blobs of which `needed` does not hold, and what broken uploads left behind. What came
   * within the last hour stays, as somebody may be about to make a model of it.
   */
  async prune(needed: (path: string) => boolean): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found && !needed(path) && Date.now() - found.mtimeMs > KEPT_MS) await rm(path, { force: true });
    }
  }
}
