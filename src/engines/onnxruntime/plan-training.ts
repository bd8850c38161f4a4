import { LimitExceeded, Unsupported } from "../../errors.js";
import type { Precision } from "../../train/settings.js";
import type { TrainerOptions, TrainerPlan } from "../../train/trainer.js";
import { trainingBytes, type MemoryNeeds } from "./memory.js";
import { numberTypes, type StoredType } from "./number-types.js";

const GIB = 2 ** 30;

/**
 * Most tokens of a run, and how much longer a step takes with it: shorter runs take less memory, but their matrix
 * products are slower.
 */
const LENGTHS = [
  { tokens: 1024, cost: 1 },
  { tokens: 512, cost: 1.1 },
  { tokens: 256, cost: 1.3 },
] as const;
/** How much longer a step takes if no layer keeps its activations. */
const COST_OF_KEEPING_NONE = 0.35;

/**
 * Precision, length of runs and how many layers keep their activations: the fastest that the memory allows. A precision
 * is given up only where it does not fit at all.
 *
 * A training that goes on keeps its arithmetic, so that it ends with the same bits; how many layers are kept does not
 * change them.
 *
 * @param int8 whether this processor has 8-bit products
 * @param available bytes of the whole process
 * @throws {LimitExceeded} not even the smallest fits: says needed and available
 * @throws {Unsupported} training began with 8-bit products, which this processor lacks
 */
export function planTraining(
  { stored, ...needs }: Omit<MemoryNeeds, "types" | "runTokens"> & { stored: StoredType },
  wishes: PlanWishes,
  int8: boolean,
  available = availableBytes(wishes.memoryGib),
): TrainerPlan {
  if (wishes.arithmetic?.int8Products && !int8) {
    throw new Unsupported(
      "train checkpoints: training began with 8-bit products, which this processor does not have. Go on where it was begun, or start afresh with --fresh.",
      { stage: "train", path: "checkpoints" },
    );
  }
  const { layers } = needs.config;
  const used = process.memoryUsage.rss();
  let smallest = Infinity;
  for (const precision of precisionsOf(wishes, int8)) {
    let best: { plan: TrainerPlan; cost: number } | undefined;
    for (const { tokens, cost } of lengthsOf(wishes)) {
      const int8Products = int8 && precision !== "exact";
      const types = numberTypes(precision, stored, int8Products);
      const bytes = (keptLayers: number) =>
        used + trainingBytes({ ...needs, types, runTokens: tokens }, keptLayers);
      let keptLayers = layers;
      while (keptLayers >= 0 && bytes(keptLayers) > available) keptLayers -= 1;
      smallest = Math.min(smallest, bytes(0));
      const total = cost * (1 + COST_OF_KEEPING_NONE * (1 - keptLayers / layers));
      if (keptLayers < 0 || (best && best.cost <= total)) continue;
      const peakGib = bytes(keptLayers) / GIB;
      best = {
        plan: { precision, int8Products, runTokens: tokens, keptLayers, layers, peakGib },
        cost: total,
      };
    }
    if (best) return best.plan;
  }
  throw new LimitExceeded(
    `train memory: needs ${(smallest / GIB).toFixed(1)} GiB (${(available / GIB).toFixed(1)} GiB available). ${advice(wishes)}`,
    { stage: "train" },
  );
}

type PlanWishes = Pick<TrainerOptions, "precision" | "arithmetic" | "memoryGib"> & {
  /** Tokens of the longest sample: a run holds at least as many. */
  longestSample: number;
};

function availableBytes(memoryGib: number): number {
  const free = process.memoryUsage.rss() + process.availableMemory();
  return memoryGib > 0 ? Math.min(memoryGib * GIB, free) : free;
}

function precisionsOf({ precision, arithmetic }: PlanWishes, int8: boolean): Precision[] {
  if (arithmetic) return [arithmetic.precision];
  return precision === "auto" ? [int8 ? "fast" : "exact", "small"] : [precision];
}

function lengthsOf({ arithmetic, longestSample }: PlanWishes): { tokens: number; cost: number }[] {
  if (arithmetic) return [{ tokens: arithmetic.runTokens, cost: 1 }];
  return LENGTHS.map(({ tokens, cost }) => ({ tokens: Math.max(tokens, longestSample), cost }));
}

function advice({ arithmetic, memoryGib, precision }: PlanWishes): string {
  if (memoryGib > 0) return "Raise --memory-gib.";
  if (arithmetic) return "Close other programs, or start afresh with --fresh.";
  if (precision === "exact" || precision === "fast") return "Close other programs, or use --precision small.";
  return "Close other programs, choose a smaller base, or lower --max-tokens.";
}
