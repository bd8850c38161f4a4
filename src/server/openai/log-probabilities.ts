import type { AnswerPart, TextScore } from "../../serve/question.js";

type Scores = AnswerPart["scores"];

/** As the chat completions tell how likely tokens were; null where nobody asked. */
export function chatLogProbabilities(scores: Scores, wanted: boolean): object | null {
  if (!wanted) return null;
  const content = scores.map(({ drawn, top }) => ({ ...told(drawn), top_logprobs: top.map(told) }));
  return { content, refusal: null };
}

/**
 * As the plain completions tell it.
 *
 * @param offset characters of the text before the first of these tokens
 */
export function plainLogProbabilities(scores: Scores, offset: number, wanted: boolean): object | null {
  if (!wanted) return null;
  const tokens = scores.map(({ drawn }) => drawn.token);
  let place = offset;
  return {
    tokens,
    token_logprobs: scores.map(({ drawn }) => drawn.logProbability),
    top_logprobs: scores.map(({ top }) =>
      Object.fromEntries(top.map(({ token, logProbability }) => [token, logProbability])),
    ),
    text_offset: tokens.map((token) => (place += token.length) - token.length),
  };
}

function told({ token, logProbability, bytes }: TextScore): object {
  return { token, logprob: logProbability, bytes };
}
