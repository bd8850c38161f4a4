import { z } from "zod";

/** What a comparison can be told. */
export const compareSettings = z.object({
  prompts: z
    .number()
    .int()
    .min(1)
    .max(2000)
    .default(80)
    .describe("Held-out moments at which every model must reply, spread over contacts; 1 to 2000"),
  contextTurns: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe("Turns of the chat that a model sees before it replies; 1 to 64"),
  maxTokens: z
    .number()
    .int()
    .min(8)
    .max(4096)
    .default(128)
    .describe("A reply is cut after this many tokens, for every model alike; 8 to 4096"),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .default(0.8)
    .describe("How freely a reply is drawn; 0 picks the most likely token always; 0 to 2"),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe("Draw from the likeliest tokens whose probabilities add up to this; over 0, to 1"),
  repeatPenalty: z
    .number()
    .min(1)
    .max(2)
    .default(1)
    .describe(
      "Over 1 makes tokens of the last 64 less likely, line breaks between bubbles among them; 1 to 2",
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe("Chooses the prompts, the draws and the resamples; a whole number"),
  sequences: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe("Replies computed side by side; more is faster and takes more memory; 1 to 64"),
  language: z.enum(["en", "zh"]).default("en").describe("Language of the report's own words; en or zh"),
});

export type CompareSettings = z.infer<typeof compareSettings>;
