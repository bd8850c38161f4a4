import { resolve } from "node:path";
import { z } from "zod";
import type { ModelConfig } from "../formats/model-config.js";
import { TARGETS, type Lora } from "./lora.js";

/** How exactly the embedded trainer computes, most exact first; docs/decisions/embedded-trainer.md has the figures. */
export const PRECISIONS = ["exact", "fast", "small"] as const;
export type Precision = (typeof PRECISIONS)[number];

/** How the embedded trainer fine-tunes: one flat object, the source of flags, help and `kouwen.json`. */
export const trainSettings = z.object({
  precision: z
    .enum(["auto", ...PRECISIONS])
    .default("auto")
    .describe(
      "exact: float32 throughout; fast: 8-bit products of gradients in feed-forward blocks, activations kept as float16; small: these blocks' weights in 8 bits too; auto: the fastest for processor and memory",
    ),
  rank: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("LoRA rank: columns of each pair of small matrices, 1 to 256"),
  alpha: z
    .number()
    .positive()
    .max(1024)
    .default(32)
    .describe("LoRA scale: what the pair adds is multiplied by alpha / rank, up to 1024"),
  rslora: z
    .boolean()
    .default(false)
    .describe("multiply by alpha / square root of rank instead, so that a high rank is not damped"),
  adapter: z
    .string()
    .overwrite((folder) => (folder === "" ? "" : resolve(folder)))
    .default("")
    .describe("folder of a PEFT adapter of the same shape to start from, instead of a new one"),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("LoRA dropout: share of a pair's input values left out at random while training, 0 to 0.9"),
  neftuneAlpha: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe("NEFTune: strength of the noise on embeddings while training, 5 to 15 is usual, 0 is off"),
  targets: z
    .array(z.enum(TARGETS))
    .min(1)
    .default([...TARGETS])
    .describe("linear layers that get a LoRA pair"),
  learningRate: z
    .number()
    .min(0)
    .max(0.1)
    .default(0)
    .describe(
      "highest learning rate, reached after the warm-up, up to 0.1; 0 chooses by the base: 0.6 / hidden size",
    ),
  loraPlusRatio: z
    .number()
    .min(1)
    .max(64)
    .default(1)
    .describe("LoRA+: how many times as fast B learns as A, 1 to 64; 16 is usual, 1 is off"),
  schedule: z
    .enum(["cosine", "linear", "constant"])
    .default("cosine")
    .describe("how the learning rate goes on after the warm-up: down to 0 along a cosine or a line, or not"),
  warmupRatio: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe("share of all steps over which the learning rate rises from 0, 0 to 0.5"),
  epochs: z.number().positive().max(100).default(2).describe("times that each reply is seen, up to 100"),
  batchReplies: z
    .number()
    .int()
    .min(1)
    .max(4096)
    .default(16)
    .describe("replies for each optimizer step, 1 to 4096; dialogues stay whole, so a step may hold more"),
  maxTokens: z
    .number()
    .int()
    .min(64)
    .max(8192)
    .default(1024)
    .describe("longest dialogue in tokens, 64 to 8192; a longer one is cut into overlapping parts"),
  weightDecay: z.number().min(0).max(1).default(0.01).describe("decoupled weight decay of AdamW, 0 to 1"),
  clip: z
    .number()
    .positive()
    .max(1000)
    .default(0.5)
    .describe("longest gradient in one step; a longer one is shortened to it, up to 1000"),
  evalsPerEpoch: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe("times an epoch that the held-out loss is measured, 1 to 100"),
  patience: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(4)
    .describe("stop after this many held-out losses in a row without a new best, 0 never stops"),
  checkpointSteps: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe("steps from one checkpoint to the next, beside those at each held-out loss"),
  memoryGib: z
    .number()
    .min(0)
    .max(4096)
    .default(0)
    .describe("memory the program may take in GiB, less is slower; 0 takes what is free and useful"),
  replayShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe(
      "share of samples that are the base's own answers to everyday questions, so that it forgets less, 0 to 0.5",
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe("decides the first weights, the order of dialogues and all random draws, 0 to 4294967295"),
  force: z.boolean().default(false).describe("train even on fewer than 50 replies"),
});

export type TrainSettings = z.infer<typeof trainSettings>;

/**
 * The highest learning rate: what was set, or by the width of the base.
 *
 * Measured on SmolLM2-135M (hidden size 576) and one epoch of 2,110 replies, held-out loss from 5.67: with 1e-4 about
 * 4.2, with 3e-4 3.87, with 1e-3 3.67. Wider models want less, about in proportion (Yang et al. 2022, Tensor Programs V).
 */
export function learningRateOf({ learningRate }: TrainSettings, config: ModelConfig): number {
  return learningRate || 0.6 / config.hiddenSize;
}

/** The shape of the adapter. */
export function loraOf({ rank, alpha, rslora, targets }: TrainSettings): Lora {
  return { rank, alpha, rslora, targets };
}
