import { open } from "node:fs/promises";
import { basename } from "node:path";
import { MalformedInput, Unavailable } from "../errors.js";

/** A file that is read by position; nothing is kept in memory. */
export interface ByteFile {
  /** Without its folder, for messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly these bytes; at the start of the given memory, or in memory of their own that starts on a multiple of 8. */
  read(position: number, length: number, memory?: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a file for positional reads.
 *
 * @param stage the stage word, for errors
 * @throws {Unavailable} there is no such file
 * @throws {MalformedInput} from `read`: the range ends past the end of the file; checked before anything is allocated
 */
export async function openByteFile(path: string, stage: string): Promise<ByteFile> {
  const name = basename(path);
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new Unavailable(
      `${stage} ${name}: the file cannot be opened. Check that it is there and readable.`,
      {
        stage,
        path: name,
        cause,
      },
    );
  });
  const stat = await handle.stat();
  const sizeBytes = stat.isFile() ? stat.size : 0;
  const pastEnd = (end: number) =>
    new MalformedInput(
      `${stage} ${name}: byte ${end} is past the end of the file (${sizeBytes}). Fetch it again.`,
      {
        stage,
        path: name,
      },
    );
  return {
    name,
    sizeBytes,
    read: async (position, length, memory) => {
      if (position + length > sizeBytes) throw pastEnd(position + length);
      const bytes = memory?.subarray(0, length) ?? new Uint8Array(length);
      for (let at = 0; at < length;) {
        // One system call moves at most 2 GiB.
        const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, 1 << 30), position + at);
        if (bytesRead === 0) throw pastEnd(position + length);
        at += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}
