import type { Context } from "hono";
import type { z } from "zod";
import { HttpError } from "./http-error.js";

/**
 * The JSON body of a request.
 *
 * @throws {HttpError} 400: there is none, it is no JSON, or it is not what the schema takes; the first fault is named
 */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await context.req.text();
  if (text.trim() === "") throw new HttpError(400, "missing request body");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, "the body is no JSON. Send one JSON object.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new HttpError(400, `${path.map(String).join(".") || "body"}: ${message}`);
}
