import { answer } from "../../serve/answer.js";
import type { LeaseOptions, ModelPool } from "../../serve/model-pool.js";
import type { AnswerEnd, AnswerOptions, AnswerPart, Question } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";

/** What is asked of a model, and how. */
export type Asked = {
  served: ServedModel;
  question: Question;
  options: AnswerOptions;
  keepAliveMs: number | undefined;
  /** When the request came, by `performance.now()`. */
  begin: number;
};

/** How a reply ended; times count from the request. */
export type ReplyEnd = AnswerEnd & { loadMs: number; totalMs: number };

/** The answer of a model, which is loaded for it and given back whatever happens. */
export async function* replyTo(
  pool: ModelPool,
  { served, question, options, keepAliveMs, begin }: Asked,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart, ReplyEnd> {
  const lease = await pool.lease(served, leaseOptions(options, keepAliveMs, signal));
  try {
    const loadMs = performance.now() - begin;
    const end = yield* answer(lease, question, options, { signal });
    return { ...end, loadMs, totalMs: performance.now() - begin };
  } finally {
    lease.release();
  }
}

/** What a lease must be like for an answer. */
export function leaseOptions(
  { contextTokens }: Pick<AnswerOptions, "contextTokens">,
  keepAliveMs: number | undefined,
  signal: AbortSignal,
): LeaseOptions {
  return { contextTokens, keepAliveMs, signal };
}
