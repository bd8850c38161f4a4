import { Hono } from "hono";

/** What clients ask first: whether somebody is there, and which version. */
export function statusRoutes(version: string): Hono {
  return new Hono()
    .get("/", (context) => context.text("Ollama is running"))
    .get("/api/version", (context) => context.json({ version }));
}
