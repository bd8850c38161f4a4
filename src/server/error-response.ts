import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An error in the shape of the API that was called. */
export function errorResponse(context: Context, status: number, message: string): Response {
  const error = isOpenAi(context.req.path)
    ? { message, type: errorType(status), param: null, code: null }
    : message;
  return context.json({ error }, status as ContentfulStatusCode);
}

/** Whether a path is of OpenAI's API; Ollama's is under `/v1/api`, too. */
export function isOpenAi(path: string): boolean {
  return /^\/v1(\/|$)/.test(path) && !/^\/v1\/api(\/|$)/.test(path);
}

function errorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 404) return "not_found_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}
