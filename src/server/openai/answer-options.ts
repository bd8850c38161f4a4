import type { Codec } from "../../formats/template/codec.js";
import type { AnswerOptions } from "../../serve/question.js";
import type { Parameters } from "../../serve/served-model.js";
import { HttpError } from "../http-error.js";
import { samplingOf } from "../sampling-of.js";
import type { AnswerRequest } from "./request-fields.js";

/** How a request wants its answers drawn; what it does not say is the model's own choice, then ours. */
export function answerOptions(parameters: Parameters, request: AnswerRequest): AnswerOptions {
  const { stop, logit_bias: biases } = request;
  const asked = samplingOf(parameters, {
    ...pick(request),
    num_predict: request.max_tokens,
    stop: typeof stop === "string" ? [stop] : stop,
    // A negative seed would ask for a new one each time; here every seed is one.
    seed: typeof request.seed === "number" ? Math.abs(request.seed) : undefined,
  });
  if (!biases) return asked;
  const logitBias = new Map(Object.entries(biases).map(([id, bias]) => [Number(id), bias]));
  return { ...asked, sampling: { ...asked.sampling, logitBias } };
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
function pick(request: AnswerRequest) {
  const { temperature, top_p, presence_penalty, frequency_penalty, top_k, min_p, repeat_penalty } = request;
  return { temperature, top_p, presence_penalty, frequency_penalty, top_k, min_p, repeat_penalty };
}
