import type { SampleCounts } from "./sample.js";
import type { TrainSettings } from "./settings.js";
import type { TrainerPlan } from "./trainer.js";

/** What `train.json` tells of a training. Losses are nats per token that carries loss. */
export type TrainReport = {
  /** The base model's folder name. */
  base: string;
  settings: TrainSettings;
  /** `replayed`: samples that are the base's own answers. */
  data: { train: SampleCounts; heldOut: SampleCounts; replayed: number };
  /** Numbers that are trained. */
  parameters: number;
  steps: { planned: number; done: number; best: number };
  /** Whether it ended early because the held-out loss rose. */
  stoppedEarly: boolean;
  loss: { first: number; last: number };
  /** Null where nothing is held out. */
  heldOutLoss: { start: number; best: number; last: number } | null;
  /** Real tokens, no padding, through forward, backward and optimizer; held-out measurements not counted. */
  tokensPerSecond: number;
  trainingSeconds: number;
  /** Highest resident memory seen, of the whole process. */
  peakMemoryGib: number;
  /** What the embedded trainer chose; null where LLaMA-Factory trained. */
  plan: TrainerPlan | null;
  /** Present where LLaMA-Factory trained; its held-out losses are means over dialogues, not over tokens. */
  llamaFactory?: { version: string; torch: string; template: string; processes: number };
  /**
   * Present where votes refined an adapter; losses are then the method's. `margin`: by how much more than before it
   * prefers held-out good replies to bad ones, in nats times beta; null where none are held out.
   */
  preference?: { method: "dpo" | "kto"; margin: number | null };
  warnings: string[];
};
