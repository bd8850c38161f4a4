import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { createQuantizer } from "../src/engines/llama-cpp/quantizer.js";
import { openCatalogue } from "../src/serve/open-catalogue.js";
import { Pool } from "../src/serve/pool.js";
import { createApp } from "../src/server/app.js";
import { listen } from "../src/server/listen.js";

/** Our server without a model, as `startOllama` starts a real one; `close` ends it and deletes its files. */
export async function startOurOllama(
  version: string,
): Promise<{ url: string; pool: Pool; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-our-ollama-"));
  const catalogue = await openCatalogue(folder, () => Promise.resolve([]));
  const pool = new Pool(createHost, {
    memoryBytes: 2 ** 31,
    parallel: 4,
    contextTokens: 2048,
    keepAliveMs: 300_000,
    mostWaiting: 64,
  });
  const host = "127.0.0.1";
  const parts = { catalogue, pool, quantizer: createQuantizer, version };
  const app = createApp(parts, { host, origins: [], log: (line) => console.error(line) });
  const listening = await listen(app, { host, port: 0 });
  return {
    url: listening.url,
    pool,
    close: async () => {
      await pool.close();
      await listening.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
