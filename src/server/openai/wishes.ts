import type { Codec } from "../../formats/template/codec.js";
import type { AnswerOptions } from "../../serve/question.js";
import type { Wishes } from "../answer-options.js";
import { HttpError } from "../http-error.js";
import type { AnswerRequest } from "./request-fields.js";

/** What a request says of how its answers are drawn; the rest is the model's own choice. */
export function wishesOf(request: AnswerRequest): Wishes {
  const { stop, seed, logit_bias: biases } = request;
  return {
    options: {
      ...likeOllama(request),
      num_predict: request.max_tokens,
      stop: typeof stop === "string" ? [stop] : stop,
      // A negative seed would ask for a new one each time; here every seed is one.
      seed: typeof seed === "number" ? Math.abs(seed) : undefined,
    },
    logitBias: biases ? new Map(Object.entries(biases).map(([id, bias]) => [Number(id), bias])) : undefined,
  };
}

/**
 * Sees to it that the ids of `logit_bias` are the model's.
 *
 * @throws {HttpError} 400: one is not
 */
export function checkBiases({ sampling }: AnswerOptions, { tokenizer }: Codec): void {
  for (const id of sampling.logitBias?.keys() ?? []) {
    if (id < tokenizer.vocabularySize) continue;
    const last = tokenizer.vocabularySize - 1;
    throw new HttpError(400, `logit_bias: ${id} is no token of this model. Give ids from 0 to ${last}.`);
  }
}

/** The fields that Ollama names alike. */
function likeOllama(request: AnswerRequest) {
  const { temperature, top_p, presence_penalty, frequency_penalty, top_k, min_p, repeat_penalty } = request;
  return { temperature, top_p, presence_penalty, frequency_penalty, top_k, min_p, repeat_penalty };
}
