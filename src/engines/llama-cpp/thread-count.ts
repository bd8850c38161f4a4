import os from "node:os";

/** Processor time until now, in milliseconds: that nobody used, over all processors, and that this process used. */
export type ProcessorTime = { atMs: number; idleMs: number; ownMs: number };

/** Systems count processor time in steps of 10 to 16 ms. */
const STRETCH_MS = 200;
/** A program that uses less of a processor than this does not hold ours up. */
const NEGLIGIBLE = 0.3;
/** What others did while we rested for longer says nothing about what they do now. */
const REST_MS = 50;

/**
 * How many threads to compute with: as many as there are processors that other programs leave alone.
 *
 * llama.cpp's threads wait for each other hundreds of times a step, and spin as they wait. Where another program holds
 * one of the processors, each wait lasts until the system gives it back: measured on two processors beside one busy
 * program, a step takes 4 to 60 times as long with two threads as with one.
 */
export class ThreadCount {
  readonly #full: number;
  readonly #read: () => ProcessorTime;
  #last: ProcessorTime;
  #current: number;
  #restsSince = Infinity;

  /** @param full threads that are worth it on an idle machine */
  constructor(full: number, read: () => ProcessorTime) {
    this.#full = full;
    this.#read = read;
    this.#last = read();
    this.#current = full;
  }

  /** Threads for a step that begins now. */
  at(nowMs: number): number {
    const hasRested = nowMs - this.#restsSince > REST_MS;
    this.#restsSince = Infinity;
    if (hasRested) this.#last = this.#read();
    if (nowMs - this.#last.atMs < STRETCH_MS) return this.#current;
    const now = this.#read();
    const usedOrFree = now.ownMs - this.#last.ownMs + now.idleMs - this.#last.idleMs;
    const forUs = usedOrFree / (now.atMs - this.#last.atMs);
    this.#last = now;
    this.#current = Math.max(1, Math.min(this.#full, Math.floor(forUs + NEGLIGIBLE)));
    return this.#current;
  }

  /** Tells that a step is over, and that perhaps none follows. */
  rest(nowMs: number): void {
    this.#restsSince = nowMs;
  }
}

/** What the system says of its processors. */
export function readProcessorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const idleMs = os.cpus().reduce((sum, { times }) => sum + times.idle, 0);
  return { atMs: performance.now(), idleMs, ownMs: (user + system) / 1000 };
}
