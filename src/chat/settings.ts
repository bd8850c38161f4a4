import { z } from "zod";

/** The settings of `chat`. */
export const chatSettings = z.object({
  temperature: z
    .number()
    .min(0)
    .max(2)
    .default(0.8)
    .describe("how freely a reply is drawn; 0 picks the most likely token always, 0 to 2"),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe("draw from the likeliest tokens whose probabilities add up to this; over 0, to 1"),
  repeatPenalty: z
    .number()
    .min(1)
    .max(2)
    .default(1)
    .describe(
      "over 1 makes tokens of the last 64 less likely, line breaks between bubbles among them, 1 to 2",
    ),
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
    .describe("what the model is told before the conversation, as in its training; empty tells it nothing"),
});

export type ChatSettings = z.infer<typeof chatSettings>;
