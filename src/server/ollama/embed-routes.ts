import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Catalogue } from "../../serve/catalogue.js";
import { embedText, meanState } from "../../serve/embed-text.js";
import type { Lease, ModelPool } from "../../serve/model-pool.js";
import { clientOf } from "../client-of.js";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import { answerOptions } from "../answer-options.js";
import { keepAlive } from "../keep-alive.js";
import { checkOptions } from "./model-options.js";
import { nanoseconds } from "./answer-body.js";
import { leaseFor } from "./reply.js";
import { modelIsRequired, options, requireName, onUnlessTold, text } from "./request-fields.js";
import { findModel } from "../find-model.js";

const common = { model: text, keep_alive: keepAlive, options };
const embedRequest = z.object({
  ...common,
  input: z.unknown().optional(),
  truncate: onUnlessTold,
  dimensions: z.int().positive().nullish(),
});
const embeddingsRequest = z.object({ ...common, prompt: text });

type CommonRequest = { model: string; keep_alive: number | undefined; options: Record<string, unknown> };

/** Texts as vectors: many at a time with length 1, and, as older clients ask, one as the model gives it. */
export function embedRoutes(catalogue: Catalogue, pool: ModelPool): Hono {
  const leaseOf = async (context: Context, request: CommonRequest): Promise<Lease> => {
    const served = await findModel(catalogue, requireName([request.model], modelIsRequired));
    const options = answerOptions(served.parameters, { options: checkOptions(request.options) });
    const asked = { served, options, client: clientOf(context), keepAliveMs: request.keep_alive };
    return leaseFor(pool, asked, context.req.raw.signal);
  };
  return new Hono()
    .post("/api/embed", async (context) => {
      const begin = performance.now();
      const request = await readBody(context, embedRequest);
      const texts = textsOf(request.input);
      const lease = await leaseOf(context, request);
      try {
        const loadMs = performance.now() - begin;
        if (texts.length === 0) return context.json({ model: request.model, embeddings: [] });
        const inputs = texts.map((input) => tokensOf(lease, input, request.truncate));
        const { signal } = context.req.raw;
        const vectors = await Promise.all(
          inputs.map((ids) => embedText(lease, ids, request.dimensions, { signal })),
        );
        return context.json({
          model: request.model,
          embeddings: vectors.map((vector) => [...vector]),
          total_duration: nanoseconds(performance.now() - begin),
          load_duration: nanoseconds(loadMs),
          prompt_eval_count: inputs.reduce((sum, { length }) => sum + length, 0),
        });
      } finally {
        lease.release();
      }
    })
    .post("/api/embeddings", async (context) => {
      const request = await readBody(context, embeddingsRequest);
      const lease = await leaseOf(context, request);
      try {
        if (request.prompt === "") return context.json({ embedding: [] });
        const ids = tokensOf(lease, request.prompt, true);
        const state = await meanState(lease, ids, { signal: context.req.raw.signal });
        return context.json({ embedding: [...state] });
      } finally {
        lease.release();
      }
    });
}

function textsOf(input: unknown): string[] {
  if (input === undefined || input === null || input === "") return [];
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.every((each) => typeof each === "string")) return texts;
  throw new HttpError(400, "invalid input type");
}

/**
 * The ids of a text, cut where the model has no room for more.
 *
 * @throws {HttpError} 400: it has to be cut, but must not; or nothing is in it
 */
function tokensOf({ model, contextTokens }: Lease, input: string, truncate: boolean): number[] {
  const ids = model.tokenize(input, true);
  if (ids.length === 0) throw new HttpError(400, "no input provided");
  if (ids.length <= contextTokens) return ids;
  if (!truncate) throw new HttpError(400, "input length exceeds maximum context length");
  return ids.slice(0, contextTokens);
}
