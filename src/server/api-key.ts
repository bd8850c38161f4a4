import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { MalformedInput } from "../errors.js";
import { HttpError } from "./http-error.js";

/** Too many to be found by trying. */
const MIN_KEY_LENGTH = 16;

/**
 * Refuses requests without the key.
 *
 * @throws {MalformedInput} the key is short, or has characters that no header can carry; it is not shown
 */
export function requireKey(key: string): MiddlewareHandler {
  if (key.length < MIN_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key)) {
    throw new MalformedInput(
      `serve: the API key must be at least ${MIN_KEY_LENGTH} letters, digits or signs without spaces. Make one with openssl rand -hex 16.`,
      { stage: "serve" },
    );
  }
  const expected = digest(key);
  return async (context, next) => {
    const given = /^bearer +(\S+) *$/i.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
    // Digests are of one length, so that the time taken tells nothing about the key.
    if (!timingSafeEqual(digest(given), expected)) {
      context.header("www-authenticate", "Bearer");
      throw new HttpError(401, "the API key is missing or wrong. Send it as Authorization: Bearer <key>.");
    }
    await next();
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
