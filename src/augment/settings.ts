import { z } from "zod";

/** The settings of `augment`. Without `llm` nothing is ever sent, and the stage passes dialogues on as they are. */
export const augmentSettings = z.object({
  llm: z
    .string()
    .default("")
    .describe(
      "who completes the dialogues: dashscope, openai, deepseek, siliconflow, ollama, vllm, local, custom; empty: nobody",
    ),
  llmUrl: z.string().default("").describe("address of the OpenAI-compatible API, instead of the preset's"),
  llmModel: z
    .string()
    .default("")
    .describe("the model to ask, instead of the preset's; for local a GGUF file or a base's short name"),
  llmKey: z
    .string()
    .default("")
    .describe("name of the environment variable with the key, instead of the preset's; never the key itself"),
  mode: z
    .enum(["continue", "rewrite"])
    .default("continue")
    .describe("continue: real messages stay word for word; rewrite: the model may edit or leave out"),
  syntheticWeight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("how much made-up replies count in training beside real ones; 0: only as context"),
  temperature: z.number().min(0).max(2).default(0.8).describe("how freely the model writes"),
  parallel: z.int().min(1).max(256).default(8).describe("requests under way at a time"),
  batch: z
    .boolean()
    .default(false)
    .describe(
      "hand in all requests as batches, where the service has them: half the price, answers within a day",
    ),
  budgetTokens: z
    .int()
    .min(0)
    .default(0)
    .describe("stop after so many tokens, question and answer together; 0: no limit"),
  priceIn: z
    .number()
    .min(0)
    .default(0)
    .describe("price of a million tokens of questions, in any currency; 0: not told"),
  priceOut: z
    .number()
    .min(0)
    .default(0)
    .describe("price of a million tokens of answers, in the same currency; 0: not told"),
  budgetCost: z
    .number()
    .min(0)
    .default(0)
    .describe("stop after so much money at these prices, in this run; 0: no limit"),
  sendTo: z
    .string()
    .default("")
    .describe("host that the dialogues may be sent to; empty asks once before anything is sent"),
  seed: z.int().default(1).describe("sent along with each request; the same for the same dialogue"),
});

export type AugmentSettings = z.infer<typeof augmentSettings>;
