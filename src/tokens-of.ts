import type { LoadedModel, Sampling } from "./engines/ports.js";
import type { Run } from "./progress.js";

/** The ids of a reply one by one as they are drawn. Leaving the loop early stops the model and waits until it has. */
export async function* tokensOf(
  model: LoadedModel,
  prompt: readonly number[],
  stopIds: readonly number[],
  sampling: Sampling,
  run: Run,
): AsyncGenerator<number, void> {
  const leaving = new AbortController();
  const signal = AbortSignal.any(run.signal ? [run.signal, leaving.signal] : [leaving.signal]);
  const arrived: number[] = [];
  let over = false;
  let wake: (() => void) | undefined;
  const onToken = (id: number): void => {
    arrived.push(id);
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
    await generation;
    run.signal?.throwIfAborted();
  } finally {
    leaving.abort();
    await generation.catch(() => {});
  }
}
