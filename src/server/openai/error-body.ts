import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { describeError } from "../http-error.js";

/** What a client waits before it asks a busy server again. */
const RETRY_SECONDS = "2";
/** As nginx calls it: who asked has gone, and nobody reads the answer. */
const CLIENT_CLOSED = 499;

/** The status and body of an error, in OpenAI's shape; the types are those that Ollama gives. */
export function errorBody(error: unknown): { status: number; body: object } {
  const { status, message } = describeError(error);
  const type = status === 404 ? "not_found_error" : status < 500 ? "invalid_request_error" : "api_error";
  return { status, body: { error: { message, type, param: null, code: null } } };
}

/** The response to a request that failed before anything was sent. */
export function errorResponse(error: unknown, context: Context): Response {
  if (context.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED });
  const { status, body } = errorBody(error);
  if (status === 503) context.header("retry-after", RETRY_SECONDS);
  return context.json(body, status as ContentfulStatusCode);
}
