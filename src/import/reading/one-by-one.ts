/**
 * The items of batches, one by one.
 *
 * An async generator would spend twice the time on a million items: this gives those of a batch at once.
 */
export function oneByOne<Item>(batches: AsyncIterable<readonly Item[]>): AsyncIterable<Item> {
  return {
    [Symbol.asyncIterator]: () => {
      const outer = batches[Symbol.asyncIterator]();
      let batch: readonly Item[] = [];
      let at = 0;
      const refill = async (): Promise<IteratorResult<Item>> => {
        while (at >= batch.length) {
          const next = await outer.next();
          if (next.done) return { done: true, value: undefined };
          batch = next.value;
          at = 0;
        }
        return { done: false, value: batch[at++]! };
      };
      return {
        next: () => (at < batch.length ? Promise.resolve({ done: false, value: batch[at++]! }) : refill()),
        return: async () => {
          batch = [];
          at = 0;
          await outer.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
