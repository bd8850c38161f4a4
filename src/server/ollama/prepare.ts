import type { z } from "zod";
import type { ModelPool } from "../../serve/model-pool.js";
import type { AnswerOptions } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";
import { HttpError } from "../http-error.js";
import { answerOptions } from "../answer-options.js";
import { capabilities } from "./capabilities.js";
import { grammarOf } from "../grammar.js";
import type { KnownFacts } from "./model-facts.js";
import { checkOptions } from "./model-options.js";
import type { answerFields } from "./request-fields.js";

type AnswerRequest = z.infer<z.ZodObject<typeof answerFields>>;

const MOST_TOP_LOGPROBS = 20;

/**
 * How a request wants its answer drawn.
 *
 * @throws {HttpError} 400: it asks for what there is not
 */
export async function prepare(
  { pool, known }: { pool: ModelPool; known: KnownFacts },
  served: ServedModel,
  request: AnswerRequest,
): Promise<AnswerOptions> {
  const { think, logprobs, top_logprobs: topLogprobs } = request;
  if (topLogprobs < 0 || topLogprobs > MOST_TOP_LOGPROBS) {
    throw new HttpError(400, `top_logprobs must be between 0 and ${MOST_TOP_LOGPROBS}`);
  }
  if (think !== undefined && think !== null && think !== false) {
    const able = capabilities(served, await known.of(served));
    if (!able.includes("thinking")) throw new HttpError(400, `"${request.model}" does not support thinking`);
  }
  return answerOptions(served.parameters, {
    options: checkOptions(request.options),
    grammar: await grammarOf(pool, request.format),
    topScores: logprobs ? topLogprobs : undefined,
    think: typeof think === "boolean" ? think : undefined,
  });
}
