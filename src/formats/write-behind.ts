import type { Sink } from "../files.js";

/** A sink whose `write` returns while the chunk is still being written, at most one at a time. */
export type LateSink = Sink & {
  /** Waits for the last chunk. */
  finish(): Promise<void>;
};

/**
 * Writes behind, so that the next chunk is made meanwhile. A chunk must stay as it is until the next `write` returns.
 * A failure shows at the next call.
 */
export function writeBehind(sink: Sink): LateSink {
  let last = Promise.resolve();
  return {
    write: async (chunk) => {
      await last;
      last = sink.write(chunk);
      // It is awaited at the next call, or not at all where something else fails before.
      last.catch(() => {});
    },
    finish: () => last,
  };
}
