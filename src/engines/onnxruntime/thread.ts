import { Worker } from "node:worker_threads";
import { LimitExceeded, MalformedInput, Unavailable, Unsupported } from "../../errors.js";
import type { Progress } from "../../progress.js";

/** What a thread is asked: one call at a time is answered, in order. */
export type Request = { id: number; call: string; argument: unknown };

/** What a thread says: a result, an error, or how far a call is. */
export type Reply = { id: number } & ({ result: unknown } | { error: PlainError } | { progress: Progress });

/** An error as it crosses a thread's border, where classes are lost. */
export type PlainError = { name: string; message: string; stage?: string; path?: string | undefined };

const KINDS: Record<
  string,
  typeof LimitExceeded | typeof MalformedInput | typeof Unavailable | typeof Unsupported
> = {
  LimitExceeded,
  MalformedInput,
  Unavailable,
  Unsupported,
};

/** A worker thread that answers calls. */
export class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    {
      resolve: (result: unknown) => void;
      reject: (error: unknown) => void;
      onProgress?: (progress: Progress) => void;
    }
  >();
  #nextId = 0;
  #end: unknown;

  constructor(script: URL) {
    this.#worker = new Worker(script);
    this.#worker.on("message", (reply: Reply) => this.#receive(reply));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("internal: the trainer's thread has ended")));
  }

  /** Calls a function of the thread. */
  call(call: string, argument?: unknown, onProgress?: (progress: Progress) => void): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, ...(onProgress && { onProgress }) });
      this.#worker.postMessage({ id, call, argument } satisfies Request, []);
    });
  }

  /** Ends the thread; calls under way fail. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ("progress" in reply) {
      waiting.onProgress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ("result" in reply) waiting.resolve(reply.result);
    else waiting.reject(revive(reply.error));
  }

  #fail(error: unknown): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** An error without its class. */
export function flatten(error: unknown): PlainError {
  const { name, message, stage, path } = error as PlainError;
  return { name, message, ...(stage !== undefined && { stage, path }) };
}

function revive({ name, message, stage, path }: PlainError): Error {
  const Kind = KINDS[name];
  if (Kind && stage !== undefined) return new Kind(message, path === undefined ? { stage } : { stage, path });
  return new Error(message);
}
