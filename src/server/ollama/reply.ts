import { answer } from "../../serve/answer.js";
import type { Lease, ModelPool } from "../../serve/model-pool.js";
import type { AnswerEnd, AnswerOptions, AnswerPart, Question } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";

/** What is asked of a model, and how. */
export type Asked = {
  served: ServedModel;
  question: Question;
  options: AnswerOptions;
  /** Who asks, as `clientOf` tells. */
  client: string;
  keepAliveMs: number | undefined;
  /** When the request came, by `performance.now()`. */
  begin: number;
};

/** How a reply ended; times count from the request. */
export type ReplyEnd = AnswerEnd & { loadMs: number; totalMs: number };

/** The answer of a model, which is loaded for it and given back whatever happens. */
export async function* replyTo(
  pool: ModelPool,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart, ReplyEnd> {
  const { question, options, begin } = asked;
  const lease = await leaseFor(pool, asked, signal);
  try {
    const loadMs = performance.now() - begin;
    const end = yield* answer(lease, question, options, { signal });
    return { ...end, loadMs, totalMs: performance.now() - begin };
  } finally {
    lease.release();
  }
}

/** A loaded model with room for what is asked. */
export function leaseFor(
  pool: ModelPool,
  { served, options, client, keepAliveMs }: Omit<Asked, "question" | "begin">,
  signal: AbortSignal,
): Promise<Lease> {
  const { contextTokens } = options;
  return pool.lease(served, { client, contextTokens, keepAliveMs, signal });
}
