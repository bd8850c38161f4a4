import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { describeError } from "./http-error.js";
import { errorBody } from "./openai/error-body.js";

/** An error in the shape of the API that was called, with the headers that were set before. */
export function errorResponse(error: unknown, context: Context): Response {
  const { status, message } = describeError(error);
  const body = isOpenAi(context.req.path) ? errorBody(error).body : { error: message };
  return context.json(body, status as ContentfulStatusCode);
}

/** Whether a path is of OpenAI's API; Ollama's is under `/v1/api`, too. */
export function isOpenAi(path: string): boolean {
  return /^\/v1(\/|$)/.test(path) && !/^\/v1\/api(\/|$)/.test(path);
}
