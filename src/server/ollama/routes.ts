import { Hono } from "hono";
import type { ServerParts } from "../server-parts.js";

/** Ollama's API, under `/`. */
export function ollamaRoutes(_parts: ServerParts): Hono {
  return new Hono();
}
