import type { Answer, AnswerEnd, AnswerPart } from "../../serve/question.js";

/** Something of the answer with this index: a part of it, or its end. */
export type Drawn = { index: number; part: AnswerPart } | { index: number; end: AnswerEnd };

/**
 * Several answers as they come, none of them waiting for another; each ends with its end. The first that fails ends
 * them all. Leaving the loop early stops all, and waits until they have.
 *
 * @param begin the answer with an index, which ends when the signal aborts
 */
export async function* sideBySide(
  count: number,
  begin: (index: number, signal: AbortSignal) => Answer,
  signal: AbortSignal,
): AsyncGenerator<Drawn, void> {
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  const answers = Array.from({ length: count }, (_, index) => begin(index, either));
  const next = async (index: number) => ({ index, result: await answers[index]!.next() });
  const pending = new Map<number, ReturnType<typeof next>>();
  const ask = (index: number): void => {
    const promise = next(index);
    // It is awaited later; until then its failure must not count as unhandled.
    promise.catch(() => {});
    // Deleted first, as a map keeps a key's place: the last that had a turn is the last in the row.
    pending.delete(index);
    pending.set(index, promise);
  };
  answers.forEach((_, index) => ask(index));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(index);
        yield { index, end: result.value };
      } else {
        ask(index);
        yield { index, part: result.value };
      }
    }
  } finally {
    leaving.abort();
    await Promise.allSettled(pending.values());
  }
}
