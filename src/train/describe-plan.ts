import type { TrainerPlan } from "./trainer.js";

/** What the trainer chose for this machine, in one line for people. */
export function describePlan(plan: TrainerPlan): string {
  const { precision, int8Products, runTokens, keptLayers, layers, peakGib } = plan;
  const parts = [
    ...(precision === "small" ? ["feed-forward weights in 8 bits"] : []),
    precision === "exact"
      ? "float32"
      : int8Products
        ? "8-bit products of gradients"
        : "no 8-bit products on this processor",
  ];
  const kept =
    keptLayers === layers
      ? "all activations kept"
      : `activations of ${keptLayers} of ${layers} layers kept, the others computed twice`;
  return `precision ${precision} (${parts.join(", ")}), runs of ${runTokens} tokens, ${kept}, about ${peakGib.toFixed(1)} GiB of memory`;
}
