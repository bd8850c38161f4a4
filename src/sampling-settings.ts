import { z } from "zod";

/** How a reply is drawn: the same settings with the same defaults wherever a model replies. */
export const samplingSettings = {
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
};
