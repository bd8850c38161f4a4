import { Worker } from "node:worker_threads";
import type { Pointer, Struct } from "./library.js";
import type { BATCH } from "./structs.js";

/** What `llama_decode` takes. */
export type DecodeStep = { context: Pointer; batch: Struct<typeof BATCH> };

type Waiting = { resolve: (code: number) => void; reject: (error: unknown) => void };

/**
 * Calls `llama_decode` on one thread of its own. koffi's asynchronous calls go from thread to thread of libuv's pool, and
 * a step then takes twice as long (docs/decisions/inference.md).
 */
export class DecodeThread {
  readonly #path: string;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;

  /** @param path of the libllama that this process has loaded */
  constructor(path: string) {
    this.#path = path;
  }

  /** What llama.cpp returns: 0 for a step that was computed. */
  decode(step: DecodeStep): Promise<number> {
    const worker = (this.#worker ??= this.#start());
    // The process lives as long as something is computed, and not because of a thread that waits.
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      worker.postMessage(step, []);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL("./decode-worker.js", import.meta.url), {
      workerData: { path: this.#path },
    });
    worker.on("message", (code: number) => {
      this.#waiting.shift()?.resolve(code);
      if (this.#waiting.length === 0) worker.unref();
    });
    worker.on("error", (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
    return worker;
  }
}
