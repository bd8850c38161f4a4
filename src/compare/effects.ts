import type { Effect, ModelKey, SystemResult } from "./comparison.js";
import { bootstrap } from "./measures/bootstrap.js";
import { byDialogue, type Reply } from "./measure-system.js";

/** Below this distance the first system's lengths already are the person's, as far as chance lets one see. */
const LEAST_GAP = 0.02;

/**
 * What changes from one system to another, at the same prompts.
 *
 * The interval of the change in surprise is paired: each resample holds the same prompts for both, since
 * prompts differ far more than systems do.
 */
export function measureEffect(
  from: ModelKey,
  to: ModelKey,
  replies: Record<ModelKey, readonly Reply[]>,
  systems: Record<ModelKey | "real", Omit<SystemResult, "file" | "sizeBytes" | "hash" | "seeds">>,
  seed: number,
): Effect {
  const before = new Map(replies[from].map(({ prompt, nats }) => [prompt.id, nats ?? 0]));
  const pairs = byDialogue(replies[to]).map((group) =>
    group.map(({ prompt, nats }) => ({ from: before.get(prompt.id) ?? 0, to: nats ?? 0 })),
  );
  const { real } = systems;
  const gap = systems[from].lengthDistance - real.lengthDistance;
  return {
    from,
    to,
    nllChange: {
      value: relativeChange(pairs.flat()),
      interval: bootstrap(pairs, relativeChange, `effect ${seed}`),
    },
    lengthRatio: {
      from: systems[from].medianReplyChars / real.medianReplyChars,
      to: systems[to].medianReplyChars / real.medianReplyChars,
    },
    lengthGapClosed:
      gap < LEAST_GAP ? null : (systems[from].lengthDistance - systems[to].lengthDistance) / gap,
  };
}

function relativeChange(pairs: readonly { from: number; to: number }[]): number {
  const sum = (side: "from" | "to"): number => pairs.reduce((total, pair) => total + pair[side], 0);
  return sum("to") / sum("from") - 1;
}
