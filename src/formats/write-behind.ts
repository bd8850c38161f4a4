import type { Sink } from "../files.js";

/** Chunks being written while the next one is made. */
const BEHIND = 2;

/** A sink whose `write` returns while its chunk and the one before are still being written. */
export type LateSink = Sink & {
  /** Waits for the last chunks. */
  finish(): Promise<void>;
};

/**
 * Writes behind, so that the next chunks are made meanwhile. A chunk must stay as it is until two more have been given.
 * A failure shows at one of the next calls.
 */
export function writeBehind(sink: Sink): LateSink {
  const writing: Promise<void>[] = [];
  return {
    write: async (chunk) => {
      if (writing.length === BEHIND) await writing.shift();
      const written = sink.write(chunk);
      // It is awaited later, or not at all where something else fails before.
      written.catch(() => {});
      writing.push(written);
    },
    finish: async () => void (await Promise.all(writing.splice(0))),
  };
}
