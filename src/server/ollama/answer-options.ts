import { randomInt } from "node:crypto";
import { samplingSettings } from "../../sampling-settings.js";
import type { AnswerOptions } from "../../serve/question.js";
import type { Parameters } from "../../serve/served-model.js";

/** Where neither the model nor the request says anything: Ollama's own. */
const TOP_K = 40;
const REPEAT_LAST_N = 64;
/** As in Ollama, whatever is asked for. */
const LEAST_CONTEXT_TOKENS = 4;
const SEEDS = 2 ** 32;

/**
 * What a model's parameters and a request's options, which have the last word, come to.
 *
 * Temperature, `top_p` and the repeat penalty are by default those with which Kouwen's models reply everywhere; the
 * others are Ollama's. A count of tokens below 1 means as many as there is room for, a seed below 0 a new one each time.
 */
export function answerOptions(parameters: Parameters, options: Parameters): AnswerOptions {
  const all = { ...parameters, ...options };
  const number = (name: string): number | undefined => {
    const value = all[name];
    return typeof value === "number" ? value : undefined;
  };
  const { temperature, topP, repeatPenalty } = samplingSettings;
  const penalty = number("repeat_penalty") ?? repeatPenalty.parse(undefined);
  const numPredict = number("num_predict") ?? 0;
  const numContext = number("num_ctx");
  const seed = number("seed") ?? -1;
  return {
    sampling: {
      temperature: Math.max(0, number("temperature") ?? temperature.parse(undefined)),
      topP: within(0, number("top_p") ?? topP.parse(undefined), 1),
      topK: Math.max(0, number("top_k") ?? TOP_K),
      minP: within(0, number("min_p") ?? 0, 1),
      repeatPenalty: penalty > 0 ? penalty : 1,
      repeatLastN: Math.max(-1, number("repeat_last_n") ?? REPEAT_LAST_N),
      presencePenalty: within(-2, number("presence_penalty") ?? 0, 2),
      frequencyPenalty: within(-2, number("frequency_penalty") ?? 0, 2),
      maxTokens: numPredict > 0 ? numPredict : Infinity,
      seed: seed < 0 ? randomInt(SEEDS) : seed % SEEDS,
    },
    stop: Array.isArray(all["stop"]) ? all["stop"] : [],
    ...(numContext !== undefined && { contextTokens: Math.max(LEAST_CONTEXT_TOKENS, numContext) }),
  };
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
