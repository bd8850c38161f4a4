import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { describeError } from "./http-error.js";

/** As nginx calls it: who asked has gone, and nobody reads the answer. */
const CLIENT_CLOSED = 499;

/** An error in the shape of the API that was called, with the headers that were set before. */
export function errorResponse(error: unknown, context: Context): Response {
  if (context.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED });
  return context.json(errorBody(error, context), describeError(error).status as ContentfulStatusCode);
}

/** What says an error in the shape of the API that was called. OpenAI's types are those that Ollama gives. */
export function errorBody(error: unknown, { req }: Context): object {
  const { status, message } = describeError(error);
  if (!isOpenAi(req.path)) return { error: message };
  const type = status === 404 ? "not_found_error" : status < 500 ? "invalid_request_error" : "api_error";
  return { error: { message, type, param: null, code: null } };
}

/** Whether a path is of OpenAI's API; Ollama's is under `/v1/api`, too. */
export function isOpenAi(path: string): boolean {
  return /^\/(v1|models)(\/|$)/.test(path) && !/^\/v1\/api(\/|$)/.test(path);
}
