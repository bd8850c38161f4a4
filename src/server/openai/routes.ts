import { Hono } from "hono";
import type { ServerParts } from "../server-parts.js";

/** OpenAI's API, under `/v1`. */
export function openAiRoutes(_parts: ServerParts): Hono {
  return new Hono();
}
