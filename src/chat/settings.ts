import { z } from "zod";
import { samplingSettings } from "../sampling-settings.js";

/** The settings of `chat`. */
export const chatSettings = z.object({
  ...samplingSettings,
  maxTokens: z
    .int()
    .min(1)
    .max(4096)
    .default(128)
    .describe("a reply is cut after this many tokens, 1 to 4096"),
  contextTokens: z
    .int()
    .min(64)
    .max(131_072)
    .default(2048)
    .describe("tokens that the model sees, its reply included; older turns are left out, 64 to 131072"),
  seed: z
    .int()
    .min(-1)
    .max(2 ** 31 - 1)
    .default(-1)
    .describe("the same seed gives the same replies to the same words; -1 takes a new one for each"),
  system: z
    .string()
    .default("")
    .describe(
      "what the model is told before the conversation; empty: what it was told in training for that contact",
    ),
});

export type ChatSettings = z.infer<typeof chatSettings>;
