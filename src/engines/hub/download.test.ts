import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it, mock } from "node:test";
import {
  COMMIT,
  type LoopbackHub,
  type Mischief,
  startLoopbackHub,
  tinyModelFiles,
} from "../../../test/loopback-hub.js";
import type { Progress } from "../../progress.js";
import { ANSWER_MS } from "./patient-fetch.js";
import { resolveBase } from "./resolve-base.js";

const ID = "someone/tiny-model";

let root: string;
let files: Record<string, Buffer>;
let hub: LoopbackHub | undefined;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "hub-"));
  files = await tinyModelFiles(join(root, "remote"));
});
after(() => rm(root, { recursive: true }));
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

/** A new cache, and a hub that serves the model. */
async function setUp(mischief: Mischief = {}, served: Record<string, Buffer> = files) {
  hub = await startLoopbackHub(ID, { ...served, "README.md": Buffer.from("not wanted") }, mischief);
  const cacheFolder = await mkdtemp(join(root, "cache-"));
  const repo = join(cacheFolder, "hub", "models--someone--tiny-model");
  return {
    cacheFolder,
    repo,
    home: { HF_HOME: cacheFolder },
    env: { HF_ENDPOINT: `${hub.url}/`, HF_HOME: cacheFolder },
  };
}

/** No file that has a name by which it is found. */
async function assertNothingFinished(cacheFolder: string): Promise<void> {
  const entries = await readdir(cacheFolder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.deepEqual(
    files.filter((path) => !/\.partial[/\\]/.test(path)),
    [],
  );
}

/** The address of a port on which nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** An answer that never comes, whose time is up at once. */
function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    mock.timers.tick(ANSWER_MS);
  });
}

/** Leads two of the public hubs to other addresses, and the third nowhere. */
function redirected(huggingFace: string, mirror: string): typeof fetch {
  return (input, init) => {
    const address = String(input instanceof Request ? input.url : input)
      .replace("https://modelscope.cn", "http://127.0.0.1:1")
      .replace("https://huggingface.co", huggingFace)
      .replace("https://hf-mirror.com", mirror);
    return fetch(address, init);
  };
}

describe("a model of a hub", () => {
  it("comes whole, is reported in bytes, and is asked for once", async () => {
    const options = await setUp();
    const reports: Progress[] = [];
    const base = await resolveBase(ID, options, { onProgress: (progress) => reports.push(progress) });
    assert.equal(base.name, ID);
    assert.equal(reports[0]!.done, 0);
    assert.deepEqual((await readdir(base.folder)).sort(), Object.keys(files).sort());
    for (const [name, bytes] of Object.entries(files)) {
      assert.ok((await readFile(join(base.folder, name))).equals(bytes), name);
    }
    const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    assert.deepEqual(reports.at(-1), { stage: "base", done: total, total, unit: "bytes", note: "127.0.0.1" });
    const asked = hub!.requests.length;
    assert.deepEqual(await resolveBase(ID, options), base);
    assert.equal(hub!.requests.length, asked);
    assert.equal(base.folder, join(options.repo, "snapshots", COMMIT));
    assert.deepEqual((await readdir(options.repo)).sort(), ["blobs", "refs", "snapshots"]);
  });

  it("sends the token with every request to the endpoint", async () => {
    const { cacheFolder, env } = await setUp();
    await resolveBase(ID, { cacheFolder, env: { ...env, HF_TOKEN: "hf_secret" } });
    assert.ok(hub!.requests.every((request) => request.endsWith("with token")));
  });

  it("goes on where the connection was cut", async () => {
    const options = await setUp({ cut: { path: "model.safetensors", after: 70_000, times: 2 } });
    const { folder } = await resolveBase(ID, options);
    assert.ok((await readFile(join(folder, "model.safetensors"))).equals(files["model.safetensors"]!));
    const ranges = hub!.requests.filter((request) => /large.*bytes=[1-9]/.test(request));
    assert.equal(ranges.length, 2);
  });

  it("goes on with what a process that is gone left", async () => {
    const options = await setUp({ cut: { path: "model.safetensors", after: 70_000, times: 1 } });
    // No system gives out process numbers this high. The second place is ModelScope's, and that of earlier versions.
    for (const left of ["hub/models--someone--tiny-model/kouwen", "models/someone--tiny-model"]) {
      const partial = join(options.cacheFolder, `${left}.999999999.partial`);
      await rm(options.repo, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await writeFile(join(partial, "model.safetensors"), files["model.safetensors"]!.subarray(0, 1000));
      // Another one of these is of no more use afterwards.
      await mkdir(join(options.cacheFolder, `${left}.999999998.partial`));
      await writeFile(
        join(options.cacheFolder, `${left}.999999998.partial`, "model.safetensors"),
        files["model.safetensors"]!.subarray(0, 1000),
      );
      hub!.requests.length = 0;
      const reports: Progress[] = [];
      const { folder } = await resolveBase(ID, options, { onProgress: (each) => reports.push(each) });
      assert.equal(reports[0]!.done, 1000);
      assert.ok((await readFile(join(folder, "model.safetensors"))).equals(files["model.safetensors"]!));
      assert.ok(hub!.requests.some((request) => request.includes("bytes=1000-")));
      assert.deepEqual((await readdir(options.repo)).sort(), ["blobs", "refs", "snapshots"]);
    }
    assert.deepEqual(await readdir(join(options.cacheFolder, "models")), []);
  });

  it("is not there when the connection is always cut", async () => {
    const options = await setUp({ cut: { path: "model.safetensors", after: 0, times: 99 } });
    await assert.rejects(
      resolveBase(ID, options),
      /^Unavailable: base someone\/tiny-model: could not be fetched: 127\.0\.0\.1 was cut off in model\.safetensors\. /,
    );
    await assertNothingFinished(options.cacheFolder);
  });

  it("is not there when a file has another size or other bytes than the hub lists", async () => {
    const size = files["model.safetensors"]!.length;
    const longer = await setUp({ listedSize: { path: "model.safetensors", more: 7 } });
    const sizes = new RegExp(`gave ${size} bytes of model.safetensors instead of ${size + 7}`);
    await assert.rejects(resolveBase(ID, longer), sizes);
    await assertNothingFinished(longer.cacheFolder);
    for (const name of ["model.safetensors", "tokenizer.json"]) {
      await hub!.close();
      const damaged = await setUp({ flipped: name });
      await assert.rejects(resolveBase(ID, damaged), /gave a .* that does not match its hash/);
      await assertNothingFinished(damaged.cacheFolder);
    }
  });

  it("is refused before its weights are fetched if we do not compute it", async () => {
    const config = JSON.parse(files["config.json"]!.toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...config, model_type: "gemma" }));
    const options = await setUp({}, { ...files, "config.json": other });
    await assert.rejects(resolveBase(ID, options), /^Unsupported: .*"gemma" is not llama, qwen2 or qwen3/);
    assert.ok(!hub!.requests.some((request) => request.includes("safetensors")));
    assert.deepEqual(await readdir(join(options.cacheFolder, "hub")), []);
  });

  it("needs safetensors and a config", async () => {
    const { "model.safetensors": _weights, ...rest } = files;
    await assert.rejects(resolveBase(ID, await setUp({}, rest)), /has no safetensors weights for it/);
    await hub!.close();
    const { "config.json": _config, ...others } = files;
    await assert.rejects(resolveBase(ID, await setUp({}, others)), /has no config\.json for it/);
  });

  it("explains a wrong name, a login and a gate", async () => {
    for (const [status, message] of [
      [404, /does not have it \(status 404\)\. Check the name and the connection, or .*--base/],
      [401, /wants a login \(status 401\)\. Check the name, accept a gated model's terms .* HF_TOKEN/],
      [403, /refused access \(status 403\)\. Check the name, accept a gated model's terms .* HF_TOKEN/],
      [503, /failed \(status 503\)/],
    ] as const) {
      await hub?.close();
      await assert.rejects(resolveBase(ID, await setUp({ status })), message);
    }
  });

  it("comes from the second hub when the first cannot be reached, without the token", async () => {
    const { cacheFolder, home } = await setUp();
    const fetch = redirected(await closedPort(), hub!.url);
    const env: NodeJS.ProcessEnv = { ...home, HF_TOKEN: "hf_secret" };
    const { folder } = await resolveBase(ID, { cacheFolder, env, fetch });
    assert.ok(existsSync(join(folder, "config.json")));
    assert.ok(!hub!.requests.some((request) => request.endsWith("with token")));
  });

  it("goes on at the second hub with what the first began", async () => {
    const { cacheFolder, home } = await setUp({
      cut: { path: "model.safetensors", after: 70_000, times: 1 },
    });
    const first = hub!;
    // The first hub goes away while it sends the weights.
    const second = await startLoopbackHub(ID, files);
    try {
      let gone = false;
      const gate = redirected(first.url, second.url);
      const fetch: typeof globalThis.fetch = async (input, init) => {
        if (gone && String(input).startsWith("https://huggingface.co")) throw new TypeError("fetch failed");
        gone ||= first.requests.some((request) => /large.*(?<!0-0)$/.test(request));
        return await gate(input, init);
      };
      const { folder } = await resolveBase(ID, { cacheFolder, env: home, fetch });
      assert.ok((await readFile(join(folder, "model.safetensors"))).equals(files["model.safetensors"]!));
      assert.ok(second.requests.some((request) => request.includes("bytes=70000-")));
    } finally {
      await second.close();
    }
  });

  it("is given up on a hub that does not answer, and the error names both", async () => {
    const { cacheFolder, home } = await setUp({ status: 404 });
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const fetch: typeof globalThis.fetch = (input, init) =>
        String(input).startsWith("https://huggingface.co")
          ? silence(init!.signal!)
          : redirected("", hub!.url)(input, init);
      await assert.rejects(
        resolveBase(ID, { cacheFolder, env: home, fetch }),
        /huggingface\.co did not answer; hf-mirror\.com does not have it \(status 404\); modelscope\.cn /,
      );
    } finally {
      mock.timers.reset();
    }
  });

  it("is not asked for when HF_HUB_OFFLINE is set", async () => {
    const { cacheFolder, env } = await setUp();
    await assert.rejects(
      resolveBase(ID, { cacheFolder, env: { ...env, HF_HUB_OFFLINE: "1" } }),
      /could not be fetched: HF_HUB_OFFLINE is set\./,
    );
    assert.deepEqual(hub!.requests, []);
  });

  it("can be stopped, and is then fetched on", async () => {
    const stopping = new AbortController();
    const reason = new Error("enough");
    const options = await setUp({
      onBody: (path) => path === "model.safetensors" && stopping.abort(reason),
    });
    await assert.rejects(resolveBase(ID, options, { signal: stopping.signal }), (error) => error === reason);
    await assertNothingFinished(options.cacheFolder);
    await resolveBase(ID, options);
    assert.equal(hub!.requests.filter((request) => request.includes("tokenizer.json bytes=0-0")).length, 1);
  });

  it("is not looked for at an endpoint that is no address", async () => {
    await assert.rejects(
      resolveBase(ID, { cacheFolder: root, env: { HF_ENDPOINT: "mirror" } }),
      /^MalformedInput: base HF_ENDPOINT: not an http address/,
    );
  });
});

it("is known by the address of its page too", async () => {
  const options = await setUp();
  const { folder } = await resolveBase(ID, options);
  for (const page of [
    "https://huggingface.co/",
    "hf.co/",
    "https://hf-mirror.com/",
    "https://www.modelscope.cn/models/",
  ]) {
    assert.deepEqual(await resolveBase(`${page}${ID}/tree/main?x=1`, options), { folder, name: ID });
  }
});

describe("a model on this machine", () => {
  it("is the folder itself", async () => {
    const base = await resolveBase(join(root, "remote"), { cacheFolder: root });
    assert.deepEqual(base, { folder: join(root, "remote"), name: "remote" });
  });

  it("is refused without a config or a file", async () => {
    const empty = await mkdtemp(join(root, "empty-"));
    await assert.rejects(
      resolveBase(empty, { cacheFolder: root }),
      /^MalformedInput: base empty-\w+: the folder has no config/,
    );
    for (const name of ["nothing", "constructor", join(root, "nothing.gguf"), "a/nothing.gguf"]) {
      await assert.rejects(
        resolveBase(name, { cacheFolder: root, env: { HF_HOME: root } }),
        (error: Error) => {
          assert.match(error.message, /: no such file or folder, and no short name \(.*smollm2:135m/);
          assert.ok(!error.message.includes(root));
          return true;
        },
      );
    }
  });
});
