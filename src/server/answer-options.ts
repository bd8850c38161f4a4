import { randomInt } from "node:crypto";
import { samplingSettings } from "../sampling-settings.js";
import type { AnswerOptions } from "../serve/question.js";
import type { Parameters } from "../serve/served-model.js";

/** Where neither the model nor the request says anything: Ollama's own. */
const TOP_K = 40;
const REPEAT_LAST_N = 64;
const LEAST_CONTEXT_TOKENS = 4;
/** A new seed has 31 bits, which every client can send back. */
const NEW_SEEDS = 2 ** 31;
const SEEDS = 2 ** 32;

/** How an answer is asked for. */
export type Wishes = {
  /** By Ollama's names; what is undefined or null is not said. */
  options?: { readonly [name: string]: Parameters[string] | null | undefined };
  grammar?: string | undefined;
  /** How many of the likeliest tokens to tell beside the drawn one; undefined for no scores at all. */
  topScores?: number | undefined;
  /** By the ids of tokens. */
  logitBias?: ReadonlyMap<number, number> | undefined;
  think?: boolean | undefined;
};

/**
 * What a model's parameters, by Ollama's names, and a request's wishes come to. The request has the last word.
 *
 * Temperature, `top_p` and the repeat penalty are by default those with which Kouwen's models reply everywhere, the
 * others Ollama's. Values out of range are taken as the nearest in it. `num_predict` below 1 means as many tokens as
 * there is room for, `seed` below 0 a new one each time.
 */
export function answerOptions(parameters: Parameters, wishes: Wishes): AnswerOptions {
  const { options = {}, grammar, topScores, logitBias, think } = wishes;
  const number = (name: string): number | undefined => {
    const value = options[name] ?? parameters[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const stop = options["stop"] ?? parameters["stop"];
  const { temperature, topP, repeatPenalty } = samplingSettings;
  const penalty = number("repeat_penalty") ?? 0;
  const maxTokens = Math.trunc(number("num_predict") ?? 0);
  const contextTokens = number("num_ctx");
  const seed = Math.trunc(number("seed") ?? -1);
  return {
    sampling: {
      temperature: Math.max(0, number("temperature") ?? temperature.parse(undefined)),
      topP: within(0, number("top_p") ?? topP.parse(undefined), 1),
      topK: Math.max(0, Math.trunc(number("top_k") ?? TOP_K)),
      minP: within(0, number("min_p") ?? 0, 1),
      repeatPenalty: penalty > 0 ? penalty : repeatPenalty.parse(undefined),
      repeatLastN: Math.max(-1, Math.trunc(number("repeat_last_n") ?? REPEAT_LAST_N)),
      presencePenalty: within(-2, number("presence_penalty") ?? 0, 2),
      frequencyPenalty: within(-2, number("frequency_penalty") ?? 0, 2),
      maxTokens: maxTokens > 0 ? maxTokens : Infinity,
      seed: seed < 0 ? randomInt(NEW_SEEDS) : seed % SEEDS,
      ...(grammar !== undefined && { grammar }),
      ...(topScores !== undefined && { topScores }),
      ...(logitBias && { logitBias }),
    },
    stop: Array.isArray(stop) ? stop : [],
    ...(contextTokens !== undefined && {
      contextTokens: Math.max(LEAST_CONTEXT_TOKENS, Math.trunc(contextTokens)),
    }),
    ...(think !== undefined && { think }),
  };
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
