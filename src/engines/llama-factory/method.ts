import { Unsupported } from "../../errors.js";
import type { ModelConfig } from "../../formats/model-config.js";
import type { TrainStageSettings } from "../../train/engine-settings.js";
import { learningRateOf } from "../../train/settings.js";

/** LLaMA-Factory 0.9.5's examples learn from preferences at 5e-6 and from dialogues at 1e-4. */
const PREFERENCE_RATE = 1 / 20;

/**
 * Refuses settings that a method has no use for, or lacks.
 *
 * @throws {Unsupported} names the setting and what to do
 */
export function checkMethod(settings: TrainStageSettings): void {
  const { method, votes, adapter, preset, replayShare, dora } = settings;
  if (replayShare > 0)
    refuse(
      "--replay-share: only the embedded trainer replays the base's answers. Set it to 0, or choose --engine embedded.",
    );
  if (dora && method !== "sft")
    refuse("--dora: votes refine a LoRA adapter only. Train without --dora first, then use votes.");
  if (dora && adapter !== "")
    refuse("--dora: it starts from nothing, and goes on from no adapter. Leave out --adapter, or --dora.");
  if (method === "sft") {
    if (votes !== "")
      refuse("--votes: sft learns from dialogues. Add --method dpo or kto, or leave votes out.");
    return;
  }
  if (votes === "") refuse(`--votes: ${method} learns from votes. Name a file of them.`);
  if (adapter === "") refuse(`--adapter: ${method} refines an adapter. Name the one to start from.`);
  if (preset !== "kouwen")
    refuse(`--preset: ${preset} is for learning dialogues. Leave it out with --method ${method}.`);
}

/** The highest learning rate: what was set, or by the base's width and the method. */
export function rateFor(settings: TrainStageSettings, config: ModelConfig): number {
  const rate = learningRateOf(settings, config);
  return settings.learningRate === 0 && settings.method !== "sft" ? rate * PREFERENCE_RATE : rate;
}

function refuse(what: string): never {
  throw new Unsupported(`train ${what}`, { stage: "train" });
}
