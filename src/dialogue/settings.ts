import { z } from "zod";

/** The settings of `dialogue`. */
export const dialogueSettings = z.object({
  gapMinutes: z
    .number()
    .min(1)
    .max(10_080)
    .default(30)
    .describe("a silence longer than this ends a dialogue, in minutes; only where the export has times"),
  burstMinutes: z
    .number()
    .min(0.1)
    .max(10_080)
    .default(3)
    .describe(
      "an own message this long after your last one, unanswered, starts anew; only where there are times",
    ),
  longestMessage: z
    .int()
    .min(0)
    .default(500)
    .describe("leave out messages of more characters than this, such as pasted articles; 0 keeps all"),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe("share of dialogues kept from training to compare with, at least about 30; 0 keeps none"),
  seed: z.int().default(1).describe("which dialogues are held out where the export has no times"),
});

export type DialogueSettings = z.infer<typeof dialogueSettings>;
