import type { Codec } from "../../formats/template/codec.js";
import { answer } from "../../serve/answer.js";
import type { ModelPool } from "../../serve/model-pool.js";
import type { AnswerEnd, AnswerOptions, Question, TextScore } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";
import { type Drawn, sideBySide } from "./side-by-side.js";
import { checkBiases } from "./wishes.js";

/** What is asked of a model, and how. */
export type Asked = {
  served: ServedModel;
  /** One for each answer. */
  questions: (codec: Codec) => readonly Question[];
  options: AnswerOptions;
  client: string;
  keepAliveMs: number | undefined;
};

/** The answers of a model, which is loaded for them and given back whatever happens. Each has a seed of its own. */
export async function* draw(pool: ModelPool, asked: Asked, signal: AbortSignal): AsyncGenerator<Drawn, void> {
  const { served, options, client, keepAliveMs } = asked;
  const { contextTokens } = options;
  const lease = await pool.lease(served, { client, contextTokens, keepAliveMs, signal });
  try {
    checkBiases(options, lease.codec);
    const questions = asked.questions(lease.codec);
    const { seed } = options.sampling;
    const begin = (index: number, stop: AbortSignal) => {
      const sampling = { ...options.sampling, seed: (seed + index) % 2 ** 32 };
      return answer(lease, questions[index]!, { ...options, sampling }, { signal: stop });
    };
    yield* sideBySide(questions.length, begin, signal);
  } finally {
    lease.release();
  }
}

/** A whole answer. */
export type Whole = {
  said: string;
  thought: string;
  scores: { drawn: TextScore; top: TextScore[] }[];
  end: AnswerEnd;
};

/** All answers as wholes, by index. */
export async function collect(drawn: AsyncIterable<Drawn>): Promise<Whole[]> {
  const wholes: Whole[] = [];
  for await (const one of drawn) {
    const whole = (wholes[one.index] ??= { said: "", thought: "", scores: [], end: undefined as never });
    if ("end" in one) {
      whole.end = one.end;
      continue;
    }
    const { text, thinking, scores } = one.part;
    if (thinking) whole.thought += text;
    else whole.said += text;
    if (!thinking) whole.scores.push(...scores);
  }
  return wholes;
}

/**
 * What answers took, as OpenAI counts it: a prompt with several answers once.
 *
 * @param each how many answers a prompt has
 */
export function usageOf(ends: readonly AnswerEnd[], each: number): object {
  const prompt = ends.reduce((sum, { promptTokens }, index) => sum + (index % each ? 0 : promptTokens), 0);
  const completion = ends.reduce((sum, { answerTokens }) => sum + answerTokens, 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
