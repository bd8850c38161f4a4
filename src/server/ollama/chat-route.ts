import { Hono } from "hono";
import { z } from "zod";
import type { ModelPool } from "../../serve/model-pool.js";
import type { Catalogue } from "../../serve/catalogue.js";
import { clientOf } from "../client-of.js";
import { readBody } from "../read-body.js";
import { answerBody } from "./answer-body.js";
import { loadOrUnload } from "./load-model.js";
import type { KnownFacts } from "./model-facts.js";
import { prepare } from "./prepare.js";
import { renderedPrompt } from "./rendered-prompt.js";
import { replyTo } from "./reply.js";
import { answerFields, messages, modelIsRequired, requireName } from "./request-fields.js";
import { findModel } from "../find-model.js";

const chatRequest = z.object({ ...answerFields, messages });

const message = (content: string, thinking: string): object => ({
  message: { role: "assistant", content, ...(thinking !== "" && { thinking }) },
});

/** The next message of a conversation. */
export function chatRoute(parts: { catalogue: Catalogue; pool: ModelPool; known: KnownFacts }): Hono {
  const { catalogue, pool } = parts;
  return new Hono().post("/api/chat", async (context) => {
    const begin = performance.now();
    const request = await readBody(context, chatRequest);
    const served = await findModel(catalogue, requireName([request.model], modelIsRequired));
    const options = await prepare(parts, served, request);
    const { model, keep_alive: keepAliveMs } = request;
    const asked = {
      served,
      question: { messages: request.messages },
      options,
      client: clientOf(context),
      keepAliveMs,
      begin,
    };
    const { signal } = context.req.raw;
    const line = (fields: object) => context.json({ model, created_at: new Date().toISOString(), ...fields });
    if (request.messages.length === 0) {
      const reason = await loadOrUnload(pool, asked, signal);
      return line({ ...message("", ""), done_reason: reason, done: true });
    }
    if (request._debug_render_only) {
      return line({ ...message("", ""), done: false, ...(await renderedPrompt(pool, asked, signal)) });
    }
    return answerBody(context, { model, stream: request.stream, shape: { text: message } }, (signal) =>
      replyTo(pool, asked, signal),
    );
  });
}
