import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import {
  type LoopbackHub,
  type Mischief,
  startLoopbackHub,
  tinyModelFiles,
} from "../../../test/loopback-hub.js";
import { resolveBase } from "./resolve-base.js";

const ID = "someone/tiny-model";

let root: string;
let files: Record<string, Buffer>;
const started: LoopbackHub[] = [];

before(async () => {
  root = await mkdtemp(join(tmpdir(), "modelscope-"));
  files = await tinyModelFiles(join(root, "remote"));
});
after(() => rm(root, { recursive: true }));
afterEach(async () => {
  for (const hub of started.splice(0)) await hub.close();
});

async function start(mischief: Mischief = {}): Promise<LoopbackHub> {
  const hub = await startLoopbackHub(ID, files, mischief);
  started.push(hub);
  return hub;
}

async function options(hub: LoopbackHub, more: NodeJS.ProcessEnv = {}) {
  const cacheFolder = await mkdtemp(join(root, "cache-"));
  const env = { KOUWEN_HUBS: "modelscope", MODELSCOPE_DOMAIN: hub.url, HF_HOME: cacheFolder, ...more };
  return { cacheFolder, env: env as NodeJS.ProcessEnv };
}

describe("a model of ModelScope", () => {
  it("comes whole", async () => {
    const { folder } = await resolveBase(ID, await options(await start()));
    assert.deepEqual((await readdir(folder)).sort(), Object.keys(files).sort());
    for (const [name, bytes] of Object.entries(files)) {
      assert.ok((await readFile(join(folder, name))).equals(bytes), name);
    }
  });

  it("comes whole when the connection is cut", async () => {
    for (const after of [0, 1, 70_000]) {
      const hub = await start({ cut: { path: "model.safetensors", after, times: 1 } });
      const { folder } = await resolveBase(ID, await options(hub));
      assert.ok((await readFile(join(folder, "model.safetensors"))).equals(files["model.safetensors"]!));
    }
  });

  it("goes on at the byte at which an earlier try ended", async () => {
    const whole = files["model.safetensors"]!;
    for (const have of [1, 70_000, whole.length - 1]) {
      const hub = await start();
      const wanted = await options(hub);
      // No system gives out process numbers this high.
      const left = join(wanted.cacheFolder, "models", "someone--tiny-model.999999999.partial");
      await mkdir(left, { recursive: true });
      await writeFile(join(left, "model.safetensors"), whole.subarray(0, have));
      const { folder } = await resolveBase(ID, wanted);
      assert.ok((await readFile(join(folder, "model.safetensors"))).equals(whole));
      assert.ok(hub.requests.some((request) => request.endsWith(`bytes=${have}-`)));
    }
  });

  it("is not there when its bytes are not those of the listing", async () => {
    const wanted = await options(await start({ flipped: "model.safetensors" }));
    await assert.rejects(resolveBase(ID, wanted), /gave a model\.safetensors that does not match its hash/);
    const whole = started[0]!.requests.filter((request) => request.endsWith("FilePath=model.safetensors"));
    assert.equal(whole.length, 2, "fetched once more before it is given up");
    const left = await readdir(join(wanted.cacheFolder, "models"));
    assert.ok(left.every((name) => name.endsWith(".partial")));
  });

  it("is asked for with the token, which no other host that it leads to sees", async () => {
    const cdn = await start();
    const hub = await start({ cdn: cdn.url });
    await resolveBase(ID, await options(hub, { MODELSCOPE_API_TOKEN: "ms-secret", HF_TOKEN: "hf_secret" }));
    assert.ok(hub.requests.every((request) => request.endsWith("with token")));
    assert.ok(cdn.requests.length > 0);
    assert.ok(!cdn.requests.some((request) => request.endsWith("with token")));
  });

  it("is explained when it is gated or missing", async () => {
    const gated = await options(await start({ status: 403 }));
    await assert.rejects(
      resolveBase(ID, gated),
      /refused access \(status 403\)\. .*accept a gated model's terms/,
    );
    const missing = await options(await start({ status: 404 }));
    await assert.rejects(resolveBase(ID, missing), /does not have it \(status 404\)/);
  });
});

describe("the order of the hubs", () => {
  it("is that of KOUWEN_HUBS, and the next is asked when one has no answer", async () => {
    const hub = await start();
    const { cacheFolder, env } = await options(hub, { HF_ENDPOINT: "http://127.0.0.1:1" });
    const order = { ...env, KOUWEN_HUBS: "huggingface, modelscope" };
    await resolveBase(ID, { cacheFolder, env: order });
    assert.ok(hub.requests.every((request) => request.includes("/api/v1/")));
  });

  it("names only hubs that there are", async () => {
    const env = { KOUWEN_HUBS: "github" } as NodeJS.ProcessEnv;
    await assert.rejects(
      resolveBase(ID, { cacheFolder: root, env }),
      /^MalformedInput: base KOUWEN_HUBS: "github" is not huggingface, hf-mirror, modelscope\./,
    );
  });

  it("leaves the token of a login with Hugging Face's endpoint", async () => {
    const cdn = await start();
    const hub = await start({ cdn: cdn.url });
    const cacheFolder = await mkdtemp(join(root, "cache-"));
    const env = { HF_ENDPOINT: hub.url, HF_HOME: cacheFolder, HUGGING_FACE_HUB_TOKEN: "hf_secret" };
    await resolveBase(ID, { cacheFolder, env });
    assert.ok(hub.requests.every((request) => request.endsWith("with token")));
    assert.ok(cdn.requests.length > 0 && !cdn.requests.some((request) => request.endsWith("with token")));
  });
});
