/** Reads under way while what was read is worked on. */
const AHEAD = 2;

/**
 * What `read` makes of each item, in order, while the next ones are being read already. Every reader gets one of a few
 * pieces of memory, so that nothing large is allocated again and again: what it puts there stays until three more have
 * been asked for.
 *
 * @param memoryBytes of each piece
 */
export async function* readAhead<Item, Value>(
  items: readonly Item[],
  memoryBytes: number,
  read: (item: Item, memory: Uint8Array) => Promise<Value>,
): AsyncGenerator<Value, undefined> {
  const memories = Array.from({ length: AHEAD + 3 }, () => new Uint8Array(memoryBytes));
  const reading: Promise<Value>[] = [];
  let started = 0;
  const start = () => {
    if (started === items.length) return;
    const value = read(items[started]!, memories[started % memories.length]!);
    // It is awaited later, or not at all where an earlier one fails.
    value.catch(() => {});
    reading.push(value);
    started += 1;
  };
  try {
    for (let count = 0; count < AHEAD; count += 1) start();
    while (reading.length > 0) {
      const value = await reading.shift()!;
      start();
      yield value;
    }
    return undefined;
  } finally {
    await Promise.allSettled(reading);
  }
}
