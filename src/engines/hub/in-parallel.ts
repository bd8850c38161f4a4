/**
 * Runs a task for each value, few at a time. The first failure stops all, and is thrown when none is under way any
 * more.
 *
 * @param limit how many at a time
 * @param failed aborted with the first failure, so that tasks can listen
 */
export async function inParallel<Value>(
  values: readonly Value[],
  limit: number,
  task: (value: Value) => Promise<void>,
  failed: AbortController,
): Promise<void> {
  const waiting = [...values];
  const work = async (): Promise<void> => {
    for (let value = waiting.shift(); value && !failed.signal.aborted; value = waiting.shift()) {
      await task(value).catch((error: unknown) => failed.abort(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  failed.signal.throwIfAborted();
}
