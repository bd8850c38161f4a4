import { Hono } from "hono";
import { z } from "zod";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ModelPool } from "../../serve/model-pool.js";
import type { Message, Question } from "../../serve/question.js";
import { clientOf } from "../client-of.js";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import { answerBody } from "./answer-body.js";
import { loadOrUnload } from "./load-model.js";
import type { KnownFacts } from "./model-facts.js";
import { prepare } from "./prepare.js";
import { renderedPrompt } from "./rendered-prompt.js";
import { type ReplyEnd, replyTo } from "./reply.js";
import { answerFields, offUnlessTold, images, text } from "./request-fields.js";
import { findModel } from "../find-model.js";

const generateRequest = z.object({
  ...answerFields,
  prompt: text,
  suffix: text,
  system: text,
  template: text,
  context: z.array(z.int()).nullish(),
  raw: offUnlessTold,
  images,
});

type GenerateRequest = z.infer<typeof generateRequest>;

const response = (said: string, thinking: string): object => ({
  response: said,
  ...(thinking !== "" && { thinking }),
});

/** What follows on a text. */
export function generateRoute(parts: { catalogue: Catalogue; pool: ModelPool; known: KnownFacts }): Hono {
  const { catalogue, pool } = parts;
  return new Hono().post("/api/generate", async (context) => {
    const begin = performance.now();
    const request = await readBody(context, generateRequest);
    const served = await findModel(catalogue, request.model);
    if (request.suffix !== "") throw new HttpError(400, `${served.name} does not support insert`);
    const question = toQuestion(request);
    const options = await prepare(parts, served, request);
    const { model, keep_alive: keepAliveMs } = request;
    const asked = { served, question, options, client: clientOf(context), keepAliveMs, begin };
    const { signal } = context.req.raw;
    const line = (fields: object) => context.json({ model, created_at: new Date().toISOString(), ...fields });
    if (request.prompt === "") {
      const reason = await loadOrUnload(pool, asked, signal);
      return line({ ...response("", ""), done: true, done_reason: reason });
    }
    if (request._debug_render_only) {
      return line({ ...response("", ""), done: false, ...(await renderedPrompt(pool, asked, signal)) });
    }
    const end = ({ context }: ReplyEnd) => (request.raw ? {} : { context });
    return answerBody(context, { model, stream: request.stream, shape: { text: response, end } }, (signal) =>
      replyTo(pool, asked, signal),
    );
  });
}

/** @throws {HttpError} 400: fields that exclude each other */
function toQuestion({ raw, prompt, system, template, context }: GenerateRequest): Question {
  const ids = context ?? [];
  if (raw && (template !== "" || system !== "" || ids.length > 0)) {
    throw new HttpError(400, "raw mode does not support template, system, or context");
  }
  if (template !== "") {
    throw new HttpError(
      400,
      "a model is answered for in the template that it was trained with. Leave template out.",
    );
  }
  if (raw) return { text: prompt };
  const messages: Message[] = [
    ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
    { role: "user", content: prompt },
  ];
  return ids.length > 0 ? { context: ids, messages } : { messages };
}
