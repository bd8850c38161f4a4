/**
 * Lets so many in at once, and the rest wait: whoever waits takes turns, so that one who asks a hundred times does not
 * keep out one who asks once.
 */
export class FairQueue {
  readonly #places: number;
  #taken = 0;
  /** By who asks, in the order of their turns. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(places: number) {
    this.#places = places;
  }

  /** How many have a place or wait for one. */
  get size(): number {
    return this.#taken + [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Waits for a place, which `leave` gives back. Rethrows the reason of an abort. */
  async enter(who: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#places) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const queue = this.#waiting.get(who) ?? [];
      this.#waiting.set(who, queue);
      const abort = (): void => {
        queue.splice(queue.indexOf(enter), 1);
        if (queue.length === 0) this.#waiting.delete(who);
        reject(signal!.reason as Error);
      };
      const enter = (): void => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      queue.push(enter);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Gives a place to whoever's turn it is. */
  leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#taken -= 1;
      return;
    }
    const [who, queue] = next;
    // Who had a turn goes to the end of the line.
    this.#waiting.delete(who);
    const enter = queue.shift()!;
    if (queue.length > 0) this.#waiting.set(who, queue);
    enter();
  }
}
