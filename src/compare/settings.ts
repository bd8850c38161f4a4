import { z } from "zod";
import { samplingSettings } from "../sampling-settings.js";

/** What a comparison can be told. */
export const compareSettings = z.object({
  prompts: z
    .number()
    .int()
    .min(1)
    .max(2000)
    .default(80)
    .describe("held-out moments at which every model must reply, spread over contacts, 1 to 2000"),
  contextTurns: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe("turns of the chat that a model sees before it replies, 1 to 64"),
  maxTokens: z
    .number()
    .int()
    .min(8)
    .max(4096)
    .default(128)
    .describe("a reply is cut after this many tokens, for every model alike, 8 to 4096"),
  ...samplingSettings,
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe("chooses the prompts, the draws and the resamples; a whole number"),
  sequences: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe("replies computed side by side; more is faster and takes more memory, 1 to 64"),
  language: z.enum(["en", "zh"]).default("en").describe("language of the report's own words"),
});

export type CompareSettings = z.infer<typeof compareSettings>;
