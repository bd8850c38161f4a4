import type { Run } from "../progress.js";
import type { Lora } from "./lora.js";
import type { Noise } from "./noise.js";
import type { PackedRun } from "./pack.js";
import type { Precision } from "./settings.js";

/** What AdamW keeps for an adapter; three arrays as long as `layoutLora` says, and the number of steps taken. */
export type AdapterState = {
  weights: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  step: number;
};

/** One update of the adapter from the gradients gathered since the last one. */
export type StepSettings = {
  /** Of A matrices. */
  learningRate: number;
  /** The learning rate of B matrices over that of A matrices. */
  loraPlusRatio: number;
  weightDecay: number;
  /** Longest gradient, by the Euclidean norm over all matrices. */
  clip: number;
  /** The summed loss weight of everything gathered; gradients are divided by it. */
  totalWeight: number;
};

/** What decides the bits of a result besides settings and data: a training that is resumed goes on with the same. */
export type Arithmetic = {
  precision: Precision;
  /** Whether products of gradients with weights are computed in 8 bits. */
  int8Products: boolean;
  /** Most tokens that one run holds. */
  runTokens: number;
};

/** What the trainer chose, and what it takes of the machine. */
export type TrainerPlan = Arithmetic & {
  /** Layers whose activations are kept between forward and backward; the others are computed twice. */
  keptLayers: number;
  layers: number;
  /** Estimated peak of the whole process. */
  peakGib: number;
};

/** A model with a LoRA adapter in memory. Calls run one after the other. */
export interface TrainerSession {
  readonly plan: TrainerPlan;
  /**
   * Adds the gradients of the summed weighted loss of a run's targets to those gathered so far.
   *
   * @returns the summed weighted loss, in nats
   */
  gather(run: PackedRun): Promise<number>;
  /** The summed weighted loss alone, in nats. */
  measure(run: PackedRun): Promise<number>;
  /**
   * One AdamW step; the gathered gradients are then zero again. Changes nothing if the gradient is not finite.
   *
   * @returns the norm of the mean gradient before clipping
   */
  step(settings: StepSettings): Promise<number>;
  /** A copy of the adapter and of what AdamW keeps. */
  read(): Promise<AdapterState>;
  /** Goes on from a state. */
  write(state: AdapterState): Promise<void>;
  close(): Promise<void>;
}

/** Computes a model's gradients on this machine. */
export interface Trainer {
  /**
   * Loads a base model with a new adapter.
   *
   * @param base folder of a Hugging Face model
   * @throws {LimitExceeded} the memory does not suffice even if nothing is kept
   */
  open(base: string, options: TrainerOptions, run?: Run): Promise<TrainerSession>;
}

export type TrainerOptions = {
  lora: Lora;
  seed: number;
  /** Absent where nothing is to be drawn. */
  noise?: Noise;
  /** `auto` takes the fastest that processor and memory allow. */
  precision: Precision | "auto";
  /** If given, nothing of it is chosen anew. */
  arithmetic?: Arithmetic;
  /** Tokens of the longest sample: a run holds at least as many. */
  longestSample: number;
  /** Of the whole process; 0 takes what is free. */
  memoryGib: number;
};
