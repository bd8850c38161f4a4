import { LimitExceeded } from "../../errors.js";
import type { Precision } from "../../train/settings.js";
import type { Arithmetic, TrainerOptions, TrainerPlan } from "../../train/trainer.js";
import { trainingBytes, type MemoryNeeds } from "./memory.js";
import { numberTypes, type StoredType } from "./number-types.js";

const GIB = 2 ** 30;

/** Most tokens of a run, longest first: shorter ones take less memory, but their matrix products are slower. */
const RUN_TOKENS = [1024, 512, 256] as const;

/**
 * Precision, length of runs and how many layers keep their activations: the fastest that the memory allows.
 *
 * Length goes before precision, precision before keeping nothing: with half the length a step is about a tenth slower,
 * and 8-bit weights change the result a little. A training that goes on keeps its arithmetic, so that it ends with the
 * same bits; how many layers are kept does not change them.
 *
 * @param int8 whether this processor has 8-bit products
 * @throws {LimitExceeded} not even the smallest fits: says needed and available
 */
export function planTraining(
  { stored, ...needs }: Omit<MemoryNeeds, "types" | "runTokens"> & { stored: StoredType },
  wishes: Pick<TrainerOptions, "precision" | "maxTokens" | "memoryGib" | "arithmetic">,
  int8: boolean,
): TrainerPlan {
  const { layers } = needs.config;
  const used = process.memoryUsage.rss();
  const free = used + process.availableMemory();
  const available = wishes.memoryGib > 0 ? Math.min(wishes.memoryGib * GIB, free) : free;
  let smallest = Infinity;
  for (const arithmetic of candidates(wishes, int8)) {
    const types = numberTypes(arithmetic.precision, stored, arithmetic.int8Products);
    const bytes = (keptLayers: number) =>
      used + trainingBytes({ ...needs, types, runTokens: arithmetic.runTokens }, keptLayers);
    let keptLayers = layers;
    while (keptLayers >= 0 && bytes(keptLayers) > available) keptLayers -= 1;
    if (keptLayers >= 0) return { ...arithmetic, keptLayers, layers, peakGib: bytes(keptLayers) / GIB };
    smallest = Math.min(smallest, bytes(0));
  }
  throw new LimitExceeded(
    `train memory: needs ${(smallest / GIB).toFixed(1)} GiB (${(available / GIB).toFixed(1)} GiB available). Close other programs, choose a smaller base, or lower --max-tokens.`,
    { stage: "train" },
  );
}

function candidates(
  { precision, maxTokens, arithmetic }: Pick<TrainerOptions, "precision" | "maxTokens" | "arithmetic">,
  int8: boolean,
): Arithmetic[] {
  if (arithmetic) return [arithmetic];
  const automatic: Precision[] = [int8 ? "fast" : "exact", "small"];
  const lengths = new Set(RUN_TOKENS.map((tokens) => Math.max(tokens, maxTokens)));
  return (precision === "auto" ? automatic : [precision]).flatMap((each) =>
    [...lengths].map((runTokens) => ({
      precision: each,
      int8Products: int8 && each !== "exact",
      runTokens,
    })),
  );
}
