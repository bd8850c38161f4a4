import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { AnswerEnd } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";
import { answerOptions, type Wishes } from "../answer-options.js";
import { clientOf } from "../client-of.js";
import { findModel } from "../find-model.js";
import { grammarOf } from "../grammar.js";
import { eventStream } from "../object-stream.js";
import { readBody } from "../read-body.js";
import type { ServerParts } from "../server-parts.js";
import { collect, draw, usageOf, type Whole } from "./draw.js";
import { chatLogProbabilities } from "./log-probabilities.js";
import { message, toMessages } from "./messages.js";
import { answerFields } from "./request-fields.js";
import { responseFormat } from "./response-format.js";
import type { Drawn } from "./side-by-side.js";
import { wishesOf } from "./wishes.js";

const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"]).nullish();

const chatRequest = z.object({
  ...answerFields,
  messages: z.array(message).min(1, "send at least one message"),
  /** The newer name of `max_tokens`. */
  max_completion_tokens: z.int().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  response_format: responseFormat,
  reasoning_effort: effort,
  reasoning: z.looseObject({ effort }).nullish(),
});

type ChatRequest = z.infer<typeof chatRequest>;

/** Replies to conversations. */
export function chatRoute({ catalogue, pool }: ServerParts): Hono {
  return new Hono().post("/v1/chat/completions", async (context) => {
    const request = await readBody(context, chatRequest);
    const question = { messages: toMessages(request.messages) };
    const served = await findModel(catalogue, request.model);
    const grammar = await grammarOf(pool, request.response_format);
    const answers = request.n ?? 1;
    const asked = {
      served,
      questions: () => Array.from({ length: answers }, () => question),
      options: answerOptions(served.parameters, { ...chatWishes(request), grammar }),
      client: clientOf(context, request.user),
      keepAliveMs: request.keep_alive,
    };
    const head = headOf(served, request);
    if (request.stream) {
      return eventStream(context, (signal) => chunks(draw(pool, asked, signal), head, request));
    }
    const wholes = await collect(draw(pool, asked, context.req.raw.signal));
    return context.json({
      ...head,
      object: "chat.completion",
      choices: wholes.map((whole, index) => choice(whole, index, request)),
      usage: usageOf(
        wholes.map(({ end }) => end),
        answers,
      ),
    });
  });
}

function chatWishes(request: ChatRequest): Wishes {
  const effort = request.reasoning_effort ?? request.reasoning?.effort ?? undefined;
  return {
    ...wishesOf({ ...request, max_tokens: request.max_completion_tokens ?? request.max_tokens }),
    topScores: request.logprobs ? (request.top_logprobs ?? 0) : undefined,
    think: effort === undefined ? undefined : effort !== "none",
  };
}

function headOf({ digest }: ServedModel, { model }: ChatRequest) {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${randomUUID()}`, created, model, system_fingerprint: `fp_${digest.slice(0, 10)}` };
}

function choice({ said, thought, scores, end }: Whole, index: number, { logprobs }: ChatRequest): object {
  return {
    index,
    message: { role: "assistant", content: said, refusal: null, ...reasoning(thought) },
    logprobs: chatLogProbabilities(scores, logprobs === true),
    finish_reason: end.reason,
  };
}

/** By both names in use, as clients look for one or the other. */
function reasoning(text: string): object {
  return text === "" ? {} : { reasoning_content: text, reasoning: text };
}

async function* chunks(
  drawn: AsyncIterable<Drawn>,
  head: object,
  request: ChatRequest,
): AsyncGenerator<object, void> {
  const withUsage = request.stream_options?.include_usage === true;
  const chunk = (choices: object[], usage: object | null = null): object => ({
    ...head,
    object: "chat.completion.chunk",
    choices,
    ...(withUsage && { usage }),
  });
  const one = (index: number, delta: object, rest: object = {}): object =>
    chunk([{ index, delta, logprobs: null, finish_reason: null, ...rest }]);
  const begun = new Set<number>();
  const ends: AnswerEnd[] = [];
  for await (const each of drawn) {
    const { index } = each;
    if (!begun.has(index)) yield one(index, { role: "assistant", content: "" });
    begun.add(index);
    if ("end" in each) {
      ends[index] = each.end;
      yield one(index, {}, { finish_reason: each.end.reason });
      continue;
    }
    const { text, thinking, scores } = each.part;
    if (thinking) yield one(index, reasoning(text));
    else {
      const logprobs = chatLogProbabilities(scores, request.logprobs === true);
      yield one(index, { content: text }, { logprobs });
    }
  }
  if (withUsage) yield chunk([], usageOf(ends, request.n ?? 1));
}
