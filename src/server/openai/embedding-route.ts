import { Hono } from "hono";
import { z } from "zod";
import { embedText } from "../../serve/embed-text.js";
import type { Lease } from "../../serve/model-pool.js";
import { answerOptions } from "../answer-options.js";
import { clientOf } from "../client-of.js";
import { findModel } from "../find-model.js";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import type { ServerParts } from "../server-parts.js";
import { checkIds, type Input, input, toInputs } from "./inputs.js";
import { answerFields } from "./request-fields.js";

/** As OpenAI has it. */
const MOST_INPUTS = 2048;

const { model, user, keep_alive } = answerFields;
const embeddingRequest = z.object({
  model,
  user,
  keep_alive,
  input,
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().positive().nullish(),
});

/** Texts as vectors of length 1: numbers, or the base64 of little-endian float32, which OpenAI's own client asks for. */
export function embeddingRoute({ catalogue, pool }: ServerParts): Hono {
  return new Hono().post("/v1/embeddings", async (context) => {
    const request = await readBody(context, embeddingRequest);
    const { signal } = context.req.raw;
    const inputs = toInputs(request.input);
    if (inputs.length > MOST_INPUTS) {
      throw new HttpError(400, `input: ${inputs.length} texts (at most ${MOST_INPUTS}). Send fewer.`);
    }
    const served = await findModel(catalogue, request.model);
    const lease = await pool.lease(served, {
      client: clientOf(context, request.user),
      contextTokens: answerOptions(served.parameters, {}).contextTokens,
      keepAliveMs: request.keep_alive,
      signal,
    });
    try {
      const tokens = inputs.map((one) => tokensOf(one, lease));
      const data: object[] = [];
      for (const [index, ids] of tokens.entries()) {
        const vector = await embedText(lease, ids, request.dimensions, { signal });
        checkDimensions(request.dimensions, vector.length);
        const embedding = request.encoding_format === "base64" ? toBase64(vector) : [...vector];
        data.push({ object: "embedding", index, embedding });
      }
      const count = tokens.reduce((sum, { length }) => sum + length, 0);
      const usage = { prompt_tokens: count, total_tokens: count };
      return context.json({ object: "list", data, model: request.model, usage });
    } finally {
      lease.release();
    }
  });
}

function tokensOf(one: Input, { model, codec, contextTokens }: Lease): number[] {
  const ids = typeof one === "string" ? model.tokenize(one, true) : checkIds(one, codec);
  if (ids.length === 0) throw new HttpError(400, "input: an empty text has no embedding. Leave it out.");
  if (ids.length <= contextTokens) return ids;
  throw new HttpError(400, `input: ${ids.length} tokens (at most ${contextTokens}). Send a shorter text.`);
}

function checkDimensions(wanted: number | null | undefined, have: number): void {
  if (typeof wanted !== "number" || wanted <= have) return;
  throw new HttpError(400, `dimensions: ${wanted}, but the model has ${have}. Ask for fewer.`);
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  vector.forEach((value, index) => bytes.writeFloatLE(value, 4 * index));
  return bytes.toString("base64");
}
