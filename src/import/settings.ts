import { z } from "zod";

/** The settings of `import`. */
export const importSettings = z.object({
  owner: z
    .string()
    .default("")
    .describe(
      "your name as the chats show it; empty reads it from the export's own sentence (You are …, 你是…)",
    ),
  sample: z
    .int()
    .min(0)
    .default(0)
    .describe("keep about this many dialogues, spread evenly over contacts; 0 keeps all"),
  seed: z.int().default(1).describe("which dialogues a sample holds; the same seed picks the same ones"),
});

export type ImportSettings = z.infer<typeof importSettings>;
