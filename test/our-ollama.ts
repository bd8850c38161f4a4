import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { createQuantizer } from "../src/engines/llama-cpp/quantizer.js";
import { openCatalogue } from "../src/serve/open-catalogue.js";
import { Pool } from "../src/serve/pool.js";
import { describeError } from "../src/server/http-error.js";
import { ollamaRoutes } from "../src/server/ollama/routes.js";

/** Our server with no model, as `startOllama` starts a real one. */
export type OurOllama = { url: string; pool: Pool; close(): Promise<void> };

/** Starts our Ollama API on a free loopback port, with a folder of its own for models. */
export async function startOurOllama(version: string): Promise<OurOllama> {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-our-ollama-"));
  const catalogue = await openCatalogue(folder, () => Promise.resolve([]));
  const pool = new Pool(createHost, {
    memoryBytes: 2 ** 31,
    parallel: 4,
    contextTokens: 2048,
    keepAliveMs: 300_000,
    mostWaiting: 64,
  });
  const app = new Hono().route("/", ollamaRoutes({ catalogue, pool, quantizer: createQuantizer, version }));
  app.notFound((context) => context.text("404 page not found", 404));
  app.onError((error, context) => {
    const { status, message } = describeError(error);
    if (status === 500) console.error(error);
    return context.json({ error: message }, status as ContentfulStatusCode);
  });
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise((resolve) => void server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pool,
    close: async () => {
      await pool.close();
      await new Promise((resolve) => {
        server.close(resolve);
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
