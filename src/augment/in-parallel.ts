/**
 * Works on items in their order, a number of them at a time. One failure ends the others too.
 *
 * @param work is given the item, its index, and a signal that is aborted when another one failed
 * @throws what the first failure was, or the signal's reason
 */
export async function inParallel<Item>(
  items: readonly Item[],
  parallel: number,
  signal: AbortSignal | undefined,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const todo = items.entries();
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const worker = async (): Promise<void> => {
    for (const [index, item] of todo) {
      either.throwIfAborted();
      await work(item, index, either);
    }
  };
  const workers = Array.from({ length: parallel }, () =>
    worker().catch((error: unknown) => stop.abort(error)),
  );
  await Promise.all(workers);
  either.throwIfAborted();
}
