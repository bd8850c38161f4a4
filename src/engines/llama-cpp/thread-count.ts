/** Shorter stretches tell nothing: some systems count processor time in steps of 16 ms. */
const STRETCH_MS = 50;
/** Below this share of the processors asked for, another program is using them. */
const FAIR_SHARE = 0.8;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 80_000;

/**
 * How many threads to compute with: all that are worth it while the processors are ours, fewer while other programs
 * use them.
 *
 * llama.cpp's threads wait for each other hundreds of times a step, and spin as they wait. Where another program holds
 * one of the processors, each wait lasts until the system gives it back: measured on two cores with one other busy
 * program, a step takes 8 to 60 times as long with two threads as with one.
 */
export class ThreadCount {
  readonly #full: number;
  #current: number;
  #wallMs = 0;
  #cpuMs = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #retryAtMs = Infinity;

  constructor(full: number) {
    this.#full = full;
    this.#current = full;
  }

  /** Threads for a step that begins now. */
  at(nowMs: number): number {
    if (nowMs >= this.#retryAtMs) {
      this.#current = this.#full;
      this.#retryAtMs = Infinity;
    }
    return this.#current;
  }

  /** Takes note of a step: how long it took, and the processor time that this process got meanwhile. */
  observe(wallMs: number, cpuMs: number, nowMs: number): void {
    this.#wallMs += wallMs;
    this.#cpuMs += cpuMs;
    if (this.#wallMs < STRETCH_MS) return;
    const got = this.#cpuMs / this.#wallMs;
    this.#wallMs = 0;
    this.#cpuMs = 0;
    if (this.#current < this.#full) return;
    if (got >= FAIR_SHARE * this.#full) {
      this.#pauseMs = FIRST_PAUSE_MS;
      return;
    }
    this.#current = Math.max(1, Math.min(this.#full - 1, Math.floor(got)));
    this.#retryAtMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
