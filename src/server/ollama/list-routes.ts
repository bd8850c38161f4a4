import { Hono } from "hono";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ModelPool } from "../../serve/model-pool.js";
import { detailsOf } from "./model-details.js";
import type { KnownFacts } from "./model-facts.js";

/** When a model that stays for ever is unloaded: as late as Ollama can say it, 2^63 nanoseconds from now. */
const FOR_EVER_MS = 2 ** 63 / 1e6;

/** Which models there are, and which of them are loaded. */
export function listRoutes(catalogue: Catalogue, pool: ModelPool, known: KnownFacts): Hono {
  return new Hono()
    .get("/api/tags", async (context) => {
      const models = (await catalogue.list()).map(async (served) => ({
        name: served.name,
        model: served.name,
        modified_at: served.modifiedAt.toISOString(),
        size: served.sizeBytes,
        digest: served.digest,
        details: await detailsOf(known, served),
      }));
      return context.json({ models: await Promise.all(models) });
    })
    .get("/api/ps", async (context) => {
      const models = pool.residents().map(async ({ served, sizeBytes, contextTokens, expiresAt }) => ({
        name: served.name,
        model: served.name,
        size: sizeBytes,
        digest: served.digest,
        details: await detailsOf(known, served),
        expires_at: (expiresAt ?? new Date(Date.now() + FOR_EVER_MS)).toISOString(),
        size_vram: 0,
        context_length: contextTokens,
      }));
      return context.json({ models: await Promise.all(models) });
    });
}
