import { z } from "zod";

/** The settings of `serve`. */
export const serveSettings = z.object({
  host: z
    .string()
    .default("127.0.0.1")
    .describe("where to listen; beyond this machine only with a key in KOUWEN_API_KEY"),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(11_434)
    .describe("where to listen; 0 takes any that is free, 0 to 65535"),
  parallel: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe("answers of one model that are drawn side by side; further ones wait, 1 to 32"),
  contextTokens: z
    .int()
    .min(256)
    .max(131_072)
    .default(4096)
    .describe("tokens that a conversation has room for unless a request wants more, 256 to 131072"),
  keepAliveMinutes: z
    .number()
    .min(-1)
    .max(525_600)
    .default(5)
    .describe("a model stays in memory for so long after its last answer; -1 for ever, -1 to 525600"),
  memoryGib: z
    .number()
    .min(0)
    .default(0)
    .describe("memory that models may take; 0 takes three quarters of what is free at the start"),
  waiting: z
    .int()
    .min(1)
    .max(10_000)
    .default(512)
    .describe("requests for one model at a time; further ones are told to come again, 1 to 10000"),
  origins: z
    .array(z.string())
    .default([])
    .describe(
      "web sites whose pages may ask, such as https://chat.example; pages of this machine and browser extensions always may",
    ),
});

export type ServeSettings = z.infer<typeof serveSettings>;
