import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { createQuantizer } from "../src/engines/llama-cpp/quantizer.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import type { Catalogue } from "../src/serve/catalogue.js";
import type { ModelPool } from "../src/serve/model-pool.js";
import { openCatalogue } from "../src/serve/open-catalogue.js";
import { Pool, type PoolOptions } from "../src/serve/pool.js";
import type { ServedModel } from "../src/serve/served-model.js";
import { createApp } from "../src/server/app.js";
import type { GuardOptions } from "../src/server/guard.js";
import { type Limits, listen } from "../src/server/listen.js";
import { writeTinyModel } from "./tiny-model.js";

/** The name of the one model that a project has. */
export const TINY = "tiny-q4:latest";

/** For tests: a listening server with a real tiny model, and what is behind it. */
export type Serving = {
  url: string;
  port: number;
  catalogue: Catalogue;
  pool: ModelPool;
  /** Lines of the log so far. */
  log: string[];
  /** Where models that clients make are kept. */
  folder: string;
  close: () => Promise<void>;
};

/**
 * @param options how it differs from what is usual
 */
export async function startServing(
  options: { guard?: Partial<GuardOptions>; limits?: Partial<Limits>; pool?: Partial<PoolOptions> } = {},
): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), "serving-"));
  const model = await tinyModel(folder);
  const catalogue = await openCatalogue(join(folder, "own"), () => Promise.resolve([model]));
  const pool = new Pool(createHost, {
    memoryBytes: 2 ** 30,
    parallel: 4,
    contextTokens: 512,
    keepAliveMs: 300_000,
    mostWaiting: 64,
    ...options.pool,
  });
  const log: string[] = [];
  const parts = { catalogue, pool, quantizer: createQuantizer, version: "0.1.0" };
  const host = "127.0.0.1";
  const app = createApp(parts, { host, origins: [], log: (line) => log.push(line), ...options.guard });
  const server = await listen(app, {
    host,
    port: 0,
    limits: { closeMs: 10, ...options.limits },
  });
  return {
    url: server.url,
    port: server.port,
    catalogue,
    pool,
    log,
    folder: join(folder, "own"),
    close: async () => {
      await pool.close();
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function tinyModel(folder: string): Promise<ServedModel> {
  const source = join(folder, "tiny");
  const path = join(folder, "tiny.gguf");
  await writeTinyModel(source, { architecture: "qwen2", tied: true, seed: "serving" });
  const template = templateFor(await loadTokenizer(source, "test"), "test");
  await gguf({ model: source, gguf: path }, { name: "tiny", template });
  const { size, mtime } = await stat(path);
  return {
    name: TINY,
    gguf: path,
    adapter: null,
    digest: "0".repeat(64),
    sizeBytes: size,
    modifiedAt: mtime,
    system: null,
    messages: [],
    parameters: { temperature: 1, num_ctx: 512 },
    license: [],
    parent: "",
    tuned: true,
    ofProject: true,
  };
}
