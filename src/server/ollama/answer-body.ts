import type { Context } from "hono";
import type { AnswerPart, TextScore } from "../../serve/question.js";
import { jsonLines } from "../object-stream.js";
import type { ReplyEnd } from "./reply.js";

/** How a route writes text: `said` is for people, `thought` is what the model thought aloud before. */
export type Shape = {
  text: (said: string, thought: string) => object;
  /** Further fields of the last object. */
  end?: (end: ReplyEnd) => object;
};

/** What an answer is written as. */
export type AnswerBody = {
  /** As the client named it. */
  model: string;
  stream: boolean;
  shape: Shape;
};

/**
 * A reply as newline-delimited JSON, one object a part, or as one object for a client that does not stream.
 *
 * The object that ends a stream has no text: clients drop it there. Nothing said and thought is in one object, since
 * they show only one of them.
 */
export async function answerBody(
  context: Context,
  { model, stream, shape }: AnswerBody,
  reply: (signal: AbortSignal) => AsyncGenerator<AnswerPart, ReplyEnd>,
): Promise<Response> {
  const line = (fields: object): object => ({ model, created_at: new Date().toISOString(), ...fields });
  if (stream) {
    return jsonLines(context, async function* (signal) {
      const end = yield* mapped(reply(signal), ({ text, thinking, scores }) =>
        line({ ...shape.text(thinking ? "" : text, thinking ? text : ""), done: false, ...logprobs(scores) }),
      );
      yield line({ ...shape.text("", ""), ...ending(end), ...shape.end?.(end) });
    });
  }
  let said = "";
  let thought = "";
  const scores: AnswerPart["scores"] = [];
  const parts = reply(context.req.raw.signal);
  let next = await parts.next();
  for (; !next.done; next = await parts.next()) {
    if (next.value.thinking) thought += next.value.text;
    else said += next.value.text;
    scores.push(...next.value.scores);
  }
  const end = next.value;
  return context.json(
    line({ ...shape.text(said, thought), ...ending(end), ...shape.end?.(end), ...logprobs(scores) }),
  );
}

async function* mapped<Item, Mapped, End>(
  items: AsyncGenerator<Item, End>,
  map: (item: Item) => Mapped,
): AsyncGenerator<Mapped, End> {
  try {
    let next = await items.next();
    for (; !next.done; next = await items.next()) yield map(next.value);
    return next.value;
  } finally {
    // Leaving early ends the reply, too.
    await items.return(undefined as never);
  }
}

function ending(end: ReplyEnd): object {
  return {
    done_reason: end.reason,
    done: true,
    total_duration: nanoseconds(end.totalMs),
    load_duration: nanoseconds(end.loadMs),
    prompt_eval_count: end.promptTokens,
    prompt_eval_duration: nanoseconds(end.promptMs),
    eval_count: end.answerTokens,
    eval_duration: nanoseconds(end.answerMs),
  };
}

/** Whole nanoseconds; milliseconds have fractions. */
export function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
}

function logprobs(scores: AnswerPart["scores"]): object {
  if (scores.length === 0) return {};
  return {
    logprobs: scores.map(({ drawn, top }) => ({
      ...logprob(drawn),
      ...(top.length > 0 && { top_logprobs: top.map(logprob) }),
    })),
  };
}

function logprob({ token, bytes, logProbability }: TextScore): object {
  return { token, logprob: logProbability, bytes };
}
