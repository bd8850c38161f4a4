import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { Codec } from "../../formats/template/codec.js";
import type { AnswerEnd } from "../../serve/question.js";
import { answerOptions } from "../answer-options.js";
import { clientOf } from "../client-of.js";
import { findModel } from "../find-model.js";
import { HttpError } from "../http-error.js";
import { eventStream } from "../object-stream.js";
import { readBody } from "../read-body.js";
import type { ServerParts } from "../server-parts.js";
import { collect, draw, usageOf } from "./draw.js";
import { plainLogProbabilities } from "./log-probabilities.js";
import { answerFields } from "./request-fields.js";
import { type Input, input, textOf, toInputs } from "./inputs.js";
import type { Drawn } from "./side-by-side.js";
import { wishesOf } from "./wishes.js";

const MOST_PROMPTS = 64;

const completionRequest = z.object({
  ...answerFields,
  prompt: input,
  echo: z.boolean().nullish(),
  suffix: z.string().nullish(),
  /** How many of the likeliest tokens to tell. */
  logprobs: z.int().min(0).max(20).nullish(),
});

type CompletionRequest = z.infer<typeof completionRequest>;

/** Texts that the model continues as they are, without its template. Each of several prompts has its own answers. */
export function completionRoute({ catalogue, pool }: ServerParts): Hono {
  return new Hono().post("/v1/completions", async (context) => {
    const request = await readBody(context, completionRequest);
    const inputs = checked(request);
    const served = await findModel(catalogue, request.model);
    const topScores = request.logprobs ?? undefined;
    const each = request.n ?? 1;
    const prompts: string[] = [];
    const asked = {
      served,
      questions: (codec: Codec) => {
        for (const one of inputs) prompts.push(...Array<string>(each).fill(textOf(one, codec)));
        return prompts.map((text) => ({ text }));
      },
      options: answerOptions(served.parameters, { ...wishesOf(request), topScores }),
      client: clientOf(context, request.user),
      keepAliveMs: request.keep_alive,
    };
    const head = {
      id: `cmpl-${randomUUID()}`,
      object: "text_completion",
      created: Math.floor(Date.now() / 1000),
      model: request.model,
      system_fingerprint: `fp_${served.digest.slice(0, 10)}`,
    };
    const echoed = (index: number): string => (request.echo ? prompts[index]! : "");
    if (request.stream) {
      return eventStream(context, (signal) =>
        chunks(draw(pool, asked, signal), { head, echoed, request, each }),
      );
    }
    const wholes = await collect(draw(pool, asked, context.req.raw.signal));
    return context.json({
      ...head,
      choices: wholes.map(({ said, scores, end }, index) => ({
        index,
        text: echoed(index) + said,
        logprobs: plainLogProbabilities(scores, 0, typeof request.logprobs === "number"),
        finish_reason: end.reason,
      })),
      usage: usageOf(
        wholes.map(({ end }) => end),
        each,
      ),
    });
  });
}

function checked(request: CompletionRequest): Input[] {
  if (request.suffix) {
    throw new HttpError(400, "suffix: the models cannot insert text. Send the text before it alone.");
  }
  if (request.echo && typeof request.logprobs === "number") {
    throw new HttpError(400, "echo: of the prompt no logprobs can be told. Leave out echo or logprobs.");
  }
  const inputs = toInputs(request.prompt);
  if (inputs.length > MOST_PROMPTS) {
    throw new HttpError(400, `prompt: ${inputs.length} prompts (at most ${MOST_PROMPTS}). Send fewer.`);
  }
  return inputs;
}

async function* chunks(
  drawn: AsyncIterable<Drawn>,
  how: {
    head: object;
    echoed: (index: number) => string;
    request: CompletionRequest;
    each: number;
  },
): AsyncGenerator<object, void> {
  const { head, echoed, request, each } = how;
  const withUsage = request.stream_options?.include_usage === true;
  const chunk = (choices: object[], usage: object | null = null): object => ({
    ...head,
    choices,
    ...(withUsage && { usage }),
  });
  const one = (index: number, text: string, rest: object = {}): object =>
    chunk([{ index, text, logprobs: null, finish_reason: null, ...rest }]);
  const lengths: number[] = [];
  const ends: AnswerEnd[] = [];
  for await (const drawnOne of drawn) {
    const { index } = drawnOne;
    if (lengths[index] === undefined && echoed(index) !== "") yield one(index, echoed(index));
    lengths[index] ??= 0;
    if ("end" in drawnOne) {
      ends[index] = drawnOne.end;
      yield one(index, "", { finish_reason: drawnOne.end.reason });
      continue;
    }
    const { text, scores } = drawnOne.part;
    const logprobs = plainLogProbabilities(scores, lengths[index], typeof request.logprobs === "number");
    lengths[index] += text.length;
    yield one(index, text, { logprobs });
  }
  if (withUsage) yield chunk([], usageOf(ends, each));
}
