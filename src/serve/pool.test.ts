import assert from "node:assert/strict";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it, mock } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import type { LoadOptions, ServingHost, ServingModel } from "../engines/ports.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { gguf } from "../gguf/gguf.js";
import { Pool, type PoolOptions } from "./pool.js";
import type { ServedModel } from "./served-model.js";

const UNIT = 100;
const usual: PoolOptions = {
  memoryBytes: 2 * UNIT,
  parallel: 2,
  contextTokens: 512,
  keepAliveMs: Infinity,
  mostWaiting: 3,
};

/** A pool over a host that only keeps count. */
function open(options: Partial<PoolOptions> = {}) {
  const open: string[] = [];
  const loads: LoadOptions[] = [];
  const state = { fail: false, most: 0, gate: Promise.resolve() };
  const host = {
    gpu: null,
    memoryBytes: async () => UNIT,
    jsonGrammar: async () => "root ::= .",
    close: async () => {},
    load: async (path: string, how: LoadOptions) => {
      await state.gate;
      if (state.fail) throw new Error("no luck");
      open.push(path);
      loads.push(how);
      state.most = Math.max(state.most, open.length);
      const close = async () => void open.splice(open.indexOf(path), 1);
      return { close } as Partial<ServingModel> as ServingModel;
    },
  } satisfies ServingHost;
  return { pool: new Pool(async () => host, { ...usual, ...options }), open, loads, state };
}

/** Lets everything that is ready go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

describe("Pool", () => {
  let folder: string;
  const paths = () => ["a", "b", "c"].map((name) => join(folder, `${name}.gguf`));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pool-"));
    await writeTinyModel(join(folder, "model"), { architecture: "llama", tied: true, seed: 1 });
    const template = templateFor(await loadTokenizer(join(folder, "model"), "test"), "test");
    for (const path of paths())
      await gguf({ model: join(folder, "model"), gguf: path }, { name: "tiny", template });
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => mock.timers.reset());

  const served = (at: number): ServedModel => ({
    name: `m${at}:latest`,
    gguf: paths()[at]!,
    adapter: null,
    digest: String(at),
    sizeBytes: 1,
    modifiedAt: new Date(0),
    system: null,
    messages: [],
    parameters: {},
    license: [],
    parent: "",
    tuned: true,
    ofProject: true,
  });

  it("unloads the least recently used for another, and never holds more than it may", async () => {
    const { pool, open: inMemory, state } = open();
    for (const at of [0, 1, 0, 2]) (await pool.lease(served(at))).release();
    assert.deepEqual(inMemory, [paths()[0], paths()[2]]);
    assert.equal(state.most, 2);
    await pool.close();
    assert.deepEqual(inMemory, []);
  });

  it("waits for a place where all that is loaded is in use", async () => {
    const { pool, open: inMemory } = open({ memoryBytes: UNIT });
    const first = await pool.lease(served(0));
    const second = pool.lease(served(1));
    await new Promise(setImmediate);
    assert.deepEqual(inMemory, [paths()[0]]);
    first.release();
    first.release();
    (await second).release();
    assert.deepEqual(inMemory, [paths()[1]]);
    await pool.close();
  });

  it("refuses what fits at no time, and what waits too long a line", async () => {
    const small = open({ memoryBytes: UNIT - 1 });
    await assert.rejects(small.pool.lease(served(0)), { name: "Unavailable", message: /memory/ });
    await small.pool.close();
    const { pool } = open({ parallel: 1 });
    const leases = [pool.lease(served(0)), pool.lease(served(0)), pool.lease(served(0))];
    await leases[0];
    await assert.rejects(pool.lease(served(0)), { name: "Unavailable", message: /3 requests wait/ });
    for (const lease of leases) (await lease).release();
    (await pool.lease(served(0))).release();
    await pool.close();
  });

  it("keeps a model as long as was asked, and counts from the last use", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const { pool, open: inMemory } = open();
    const lease = await pool.lease(served(0), { keepAliveMs: 1000 });
    mock.timers.tick(5000);
    await settle();
    assert.equal(inMemory.length, 1, "in use");
    lease.release();
    mock.timers.tick(999);
    await settle();
    assert.equal(inMemory.length, 1);
    (await pool.lease(served(0), { keepAliveMs: 1000 })).release();
    mock.timers.tick(999);
    await settle();
    assert.equal(inMemory.length, 1, "used in between");
    mock.timers.tick(1);
    await settle();
    assert.equal(inMemory.length, 0);
    (await pool.lease(served(0), { keepAliveMs: 0 })).release();
    mock.timers.tick(0);
    await settle();
    assert.equal(inMemory.length, 0);
    (await pool.lease(served(0))).release();
    assert.equal(pool.residents()[0]!.expiresAt, null);
    await pool.unload(served(0));
    assert.equal(inMemory.length, 0);
    await pool.close();
  });

  it("unloads a model that is in use when its last user has gone, unless somebody else comes", async () => {
    const { pool, open: inMemory } = open();
    const lease = await pool.lease(served(0));
    await pool.unload(served(0));
    assert.equal(inMemory.length, 1);
    lease.release();
    while (inMemory.length > 0) await new Promise(setImmediate);
    const again = await pool.lease(served(0));
    await pool.unload(served(0));
    (await pool.lease(served(0))).release();
    again.release();
    await settle();
    assert.equal(inMemory.length, 1);
    await pool.close();
  });

  it("loads a model anew for a longer conversation, once nobody uses it", async () => {
    const { pool, loads, open: inMemory } = open();
    const short = await pool.lease(served(0));
    const long = pool.lease(served(0), { contextTokens: 1024 });
    await new Promise(setImmediate);
    assert.equal(loads.length, 1);
    short.release();
    const lease = await long;
    assert.equal(lease.contextTokens, 1024);
    assert.deepEqual(
      loads.map(({ contextTokens }) => contextTokens),
      [512, 1024],
    );
    lease.release();
    const most = await pool.lease(served(0), { contextTokens: 1_000_000 });
    assert.equal(most.contextTokens, 2048, "what it was trained on");
    most.release();
    const again = await pool.lease(served(0), { contextTokens: 1_000_000 });
    assert.equal(loads.length, 3);
    again.release();
    assert.equal(inMemory.length, 1);
    await pool.close();
  });

  it("gives up a place in the line or a load that nobody waits for, and loads again after a failure", async () => {
    const { pool, state } = open({ parallel: 1 });
    state.fail = true;
    await assert.rejects(pool.lease(served(0)), /no luck/);
    state.fail = false;
    const lease = await pool.lease(served(0));
    const leaving = new AbortController();
    const waiting = pool.lease(served(0), { signal: leaving.signal });
    leaving.abort(new Error("hung up"));
    await assert.rejects(waiting, /hung up/);
    lease.release();
    (await pool.lease(served(0))).release();
    await pool.close();
    await assert.rejects(pool.lease(served(0)), { name: "Unavailable", message: /stopping/ });
  });

  it("takes a file that was made anew for another model, and says so of one that is gone", async () => {
    const { pool, loads } = open();
    (await pool.lease(served(0))).release();
    await utimes(paths()[0]!, new Date(), new Date(1_700_000_000_000));
    (await pool.lease(served(0))).release();
    assert.equal(loads.length, 2);
    await assert.rejects(pool.lease({ ...served(0), gguf: join(folder, "gone.gguf") }), {
      name: "Unavailable",
      message: /its file is gone/,
    });
    await pool.close();
  });
});
