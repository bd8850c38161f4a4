import { z } from "zod";
import type { Run } from "../progress.js";

/** Who merges. */
export const mergeSettings = z.object({
  engine: z
    .enum(["embedded", "llamafactory"])
    .default("embedded")
    .describe("embedded: exactly, in float32; llamafactory: LLaMA-Factory's own export, in the base's type"),
});

export type MergeSettings = z.infer<typeof mergeSettings>;

/** Merges as `merge` does, but elsewhere. */
export type OtherMerge = (
  paths: { base: string; adapter: string; model: string },
  run: Run,
) => Promise<{ tensors: number; adapted: number }>;
