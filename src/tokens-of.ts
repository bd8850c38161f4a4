import type { DrawScores, Generated, LoadedModel, Sampling } from "./engines/ports.js";
import type { Run } from "./progress.js";

/** A token as it was drawn; with scores where the sampling asks for them. */
export type DrawnToken = { id: number; scores?: DrawScores | undefined };

/**
 * The tokens of a reply one by one as they are drawn, and then how it ended. Leaving the loop early stops the model and
 * waits until it has.
 */
export async function* tokensOf(
  model: LoadedModel,
  prompt: readonly number[],
  stopIds: readonly number[],
  sampling: Sampling,
  run: Run,
): AsyncGenerator<DrawnToken, Generated["ended"]> {
  const leaving = new AbortController();
  const signal = AbortSignal.any(run.signal ? [run.signal, leaving.signal] : [leaving.signal]);
  const arrived: DrawnToken[] = [];
  let over = false;
  let wake: (() => void) | undefined;
  const onToken = (id: number, scores?: DrawScores): void => {
    arrived.push({ id, scores });
    wake?.();
  };
  const generation = model.generate(prompt, stopIds, sampling, { ...run, signal, onToken }).finally(() => {
    over = true;
    wake?.();
  });
  // Its failure is thrown below; until then it must not count as unhandled.
  generation.catch(() => {});
  try {
    for (;;) {
      while (arrived.length > 0) yield arrived.shift()!;
      if (over) break;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const { ended } = await generation;
    run.signal?.throwIfAborted();
    return ended;
  } finally {
    leaving.abort();
    await generation.catch(() => {});
  }
}
