import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import type { FileHandle } from "node:fs/promises";

/** Something that a program does to the files of a folder. */
export type Operation = {
  kind: "open" | "write" | "sync" | "close" | "rename" | "mkdir" | "copy";
  path: string;
};

/** What happens at an operation: as usual, what a full disk does, or the end of the process. */
export type Breakage = (operation: Operation, index: number) => "none" | "full" | "killed";

const full = () =>
  Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", syscall: "write" });

/**
 * Lets every operation below a folder that takes room on a disk, from now on, be counted and broken: a write stops in
 * its middle, then it fails, or the process is gone as by `kill -9`. Applies to `node:fs/promises`, which is all that
 * the stages write with.
 *
 * @returns puts everything back as it was
 */
export function watchWrites(folder: string, breakage: Breakage): () => void {
  const { open, rename, mkdir, copyFile, appendFile } = promises;
  let index = 0;
  const within = (path: unknown) => String(path).startsWith(folder);
  /** Does the half of it, if it can be halved, and then what was asked for. */
  const meet = async (operation: Operation, half?: () => Promise<unknown>): Promise<void> => {
    const fate = breakage(operation, index);
    index += 1;
    if (fate === "none") return;
    await half?.();
    if (fate === "full") throw full();
    process.kill(process.pid, "SIGKILL");
    // The signal takes a moment; nothing more may be done in it.
    await new Promise(() => {});
  };
  const watch = (handle: FileHandle, path: string): FileHandle => {
    const real = {
      write: handle.write.bind(handle) as (
        bytes: Uint8Array,
        offset: number,
        length: number,
        position: number | null,
      ) => Promise<unknown>,
      append: handle.appendFile.bind(handle),
      put: handle.writeFile.bind(handle),
      sync: handle.sync.bind(handle),
      close: handle.close.bind(handle),
    };
    const changed = {
      // With its place: several writes of a file may be under way, and come in any order.
      write: async (
        bytes: Uint8Array,
        offset = 0,
        length = bytes.byteLength - offset,
        position: number | null = null,
      ) => {
        const half = () => real.write(bytes, offset, Math.floor(length / 2), position);
        await meet({ kind: "write", path }, half);
        return real.write(bytes, offset, length, position);
      },
      appendFile: async (text: string) => {
        await meet({ kind: "write", path }, () => real.append(halfOf(text)));
        return real.append(text);
      },
      writeFile: async (text: string) => {
        await meet({ kind: "write", path }, () => real.put(halfOf(text)));
        return real.put(text);
      },
      sync: () => meet({ kind: "sync", path }).then(real.sync),
      close: () => meet({ kind: "close", path }, real.close).then(real.close),
    };
    return Object.assign(handle, changed);
  };
  promises.open = async (path, flags, mode) => {
    if (!within(path) || flags === undefined || flags === "r") return open(path, flags, mode);
    await meet({ kind: "open", path: String(path) });
    return watch(await open(path, flags, mode), String(path));
  };
  promises.rename = async (from, to) => {
    if (within(to)) await meet({ kind: "rename", path: String(to) });
    return rename(from, to);
  };
  promises.mkdir = (async (path: string, options: object) => {
    if (within(path)) await meet({ kind: "mkdir", path });
    return mkdir(path, options);
  }) as typeof mkdir;
  promises.copyFile = async (from, to, mode) => {
    if (within(to)) await meet({ kind: "copy", path: String(to) });
    return copyFile(from, to, mode);
  };
  promises.appendFile = async (path, text, options) => {
    if (within(path)) {
      await meet({ kind: "write", path: String(path) }, () => appendFile(path, halfOf(String(text))));
    }
    return appendFile(path, text, options);
  };
  syncBuiltinESMExports();
  return () => {
    Object.assign(promises, { open, rename, mkdir, copyFile, appendFile });
    syncBuiltinESMExports();
  };
}

function halfOf(text: string): Uint8Array {
  const whole = Buffer.from(text);
  return whole.subarray(0, whole.length >> 1);
}
