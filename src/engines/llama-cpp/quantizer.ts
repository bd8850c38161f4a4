import { open, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { LimitExceeded, Unavailable } from "../../errors.js";
import { diskFull } from "../../files.js";
import { checkGgufModel } from "../../formats/gguf/open-model.js";
import type { Run } from "../../progress.js";
import type { QuantizedType, Quantizer } from "../ports.js";
import { inBackground, openLibrary } from "./library.js";

const STAGE = "quantize";

/** @source llama.cpp v0.4.0, include/llama.h, enum llama_ftype */
const FILE_TYPES: Readonly<Record<QuantizedType, number>> = {
  Q4_0: 2,
  Q8_0: 7,
  Q4_K_M: 15,
  Q5_K_M: 17,
  Q6_K: 18,
};

const PROGRESS_INTERVAL_MS = 250;
/** A disk with less room than this when quantizing failed was full. */
const FULL_DISK_BYTES = 1 << 22;

/** llama.cpp's own quantizer, in this process. An abort takes effect when the file under way is done. */
export async function createQuantizer(): Promise<Quantizer> {
  const library = await openLibrary(STAGE);
  return {
    quantize: async (source, target, type, run = {}) => {
      run.signal?.throwIfAborted();
      // Some files make llama.cpp end the process.
      await checkGgufModel(source, STAGE);
      const temporary = `${target}.${process.pid}.partial`;
      const stop = watch(temporary, basename(target), run);
      try {
        const params = {
          ...library.quantizeDefaultParams(),
          ftype: FILE_TYPES[type],
          nthread: library.threads,
        };
        const code = await inBackground(library.quantize, source, temporary, params);
        if (code !== 0) throw await failure(source, dirname(target));
        run.signal?.throwIfAborted();
        const handle = await open(temporary, "r+");
        await handle.sync().finally(() => handle.close());
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw diskFull(error, STAGE, target) ?? error;
      } finally {
        stop();
      }
    },
  };
}

/** Reports the bytes written so far; llama.cpp itself only prints. */
function watch(path: string, note: string, { onProgress }: Run): () => void {
  if (!onProgress) return () => {};
  const report = async () => {
    const { size } = await stat(path);
    onProgress({ stage: STAGE, done: Math.round(size / 1e6), total: 0, unit: "MB", note });
  };
  const timer = setInterval(() => void report().catch(() => {}), PROGRESS_INTERVAL_MS);
  return () => clearInterval(timer);
}

async function failure(source: string, folder: string): Promise<Error> {
  const path = basename(source);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < FULL_DISK_BYTES) {
    return new LimitExceeded(`${STAGE} ${path}: no space left on the disk. Free some and run again.`, {
      stage: STAGE,
      path,
    });
  }
  return new Unavailable(
    `${STAGE} ${path}: llama.cpp could not quantize it. Make the F16 file again with kouwen gguf.`,
    { stage: STAGE, path },
  );
}
