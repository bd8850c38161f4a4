/** The first values of a stream, and the whole of it still to be read, once. */
export type Peeked<T> = { first: T[]; all: AsyncIterable<T> };

/** How many values are looked at where something in them tells of the whole file. */
const PEEKED = 5000;

/** Looks at the start of a stream without losing it. */
export async function peek<T>(stream: AsyncIterable<T>, count: number = PEEKED): Promise<Peeked<T>> {
  const iterator = stream[Symbol.asyncIterator]();
  const first: T[] = [];
  let ended = false;
  while (first.length < count && !ended) {
    const next = await iterator.next();
    if (next.done) ended = true;
    else first.push(next.value);
  }
  let at = 0;
  // No generator: one more of them around every row costs a large export seconds.
  const again: AsyncIterator<T> = {
    next: () => (at < first.length ? Promise.resolve({ done: false, value: first[at++]! }) : iterator.next()),
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return { first, all: { [Symbol.asyncIterator]: () => again } };
}
