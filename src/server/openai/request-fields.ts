import { z } from "zod";
import { keepAlive } from "../keep-alive.js";

/** Answers to one request; each takes a place of its own beside the others. */
export const MOST_ANSWERS = 8;
const MOST_STOPS = 64;
const MOST_BIASES = 1024;

const number = z.number().nullish();
const whole = z.int().nullish();

/**
 * What chat and plain completions ask for alike. All of it may be absent or null, and other fields are ignored, tools
 * among them. `top_k`, `min_p`, `repeat_penalty` and `keep_alive` are of local servers, not OpenAI's.
 */
export const answerFields = {
  model: z.string().min(1, "name a model"),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(MOST_ANSWERS).nullish(),
  /** Below 1: as many as there is room for. */
  max_tokens: whole,
  temperature: number,
  top_p: number,
  presence_penalty: number,
  frequency_penalty: number,
  top_k: whole,
  min_p: number,
  repeat_penalty: number,
  seed: whole,
  stop: z.union([z.string(), z.array(z.string()).max(MOST_STOPS)]).nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d{1,9}$/, "keys are ids of tokens"), z.number().min(-100).max(100))
    .refine((biases) => Object.keys(biases).length <= MOST_BIASES, `at most ${MOST_BIASES} tokens`)
    .nullish(),
  /** Who asks, as far as the client says it. */
  user: z.string().nullish(),
  /** As in Ollama's API, but that nothing is refused here. */
  keep_alive: keepAlive.catch(undefined),
};

const answerRequest = z.object(answerFields);

/** A request for answers, of either kind. */
export type AnswerRequest = z.infer<typeof answerRequest>;
