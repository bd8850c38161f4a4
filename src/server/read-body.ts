import type { Context } from "hono";
import type { z } from "zod";
import { isNestedDeeper } from "../json-depth.js";
import { HttpError } from "./http-error.js";

/** Of a JSON body: far more than a conversation that fits into any context, and little enough to be held for every client. */
export const MAX_BODY_BYTES = 16 * 2 ** 20;
const MAX_LEVELS = 100;

/**
 * The JSON body of a request.
 *
 * @throws {HttpError} 400: there is none, it is no JSON, or it is not what the schema takes; the first fault is named.
 * 413: it is too long, which is said before it is read
 */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await readText(context);
  if (text.trim() === "") throw new HttpError(400, "missing request body");
  if (isNestedDeeper(text, MAX_LEVELS)) {
    throw new HttpError(400, `the body has lists in lists deeper than ${MAX_LEVELS}. Send a flat object.`);
  }
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

async function readText({ req }: Context): Promise<string> {
  const tooLong = new HttpError(
    413,
    `the body is longer than ${MAX_BODY_BYTES / 2 ** 20} MiB. Send fewer messages, or files to /api/blobs.`,
  );
  if (Number(req.header("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of req.raw.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) throw tooLong;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error === tooLong) throw error;
    throw new HttpError(400, "the body ended early. Send it again.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new HttpError(400, "the body is no UTF-8. Send JSON as UTF-8.");
  }
}
