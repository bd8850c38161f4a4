import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it, mock } from "node:test";
import { FETCHED, FEW_FILES } from "../../../test/few-files.js";
import { layoutOf } from "../../../test/huggingface-peer.js";
import { type LoopbackHub, type Mischief, startLoopbackHub } from "../../../test/loopback-hub.js";
import { SILENCE_MS } from "./patient-fetch.js";
import { resolveBase } from "./resolve-base.js";

const ID = "someone/tiny-model";
const WEIGHTS = "model-00002-of-00002.safetensors";
const TOKEN = "hf_0123456789secret";

let root: string;
const started: LoopbackHub[] = [];

before(async () => {
  root = await mkdtemp(join(tmpdir(), "troubles-"));
});
after(() => rm(root, { recursive: true }));
afterEach(async () => {
  for (const hub of started.splice(0)) await hub.close();
});

async function start(mischief: Mischief = {}, files = FEW_FILES): Promise<LoopbackHub> {
  const hub = await startLoopbackHub(ID, files, mischief);
  started.push(hub);
  return hub;
}

/** A new home in which Hugging Face and ModelScope are these hubs, asked in this order. */
async function place(huggingFace: LoopbackHub, modelscope?: LoopbackHub) {
  const home = await mkdtemp(join(root, "home-"));
  const env: NodeJS.ProcessEnv = { HOME: home, HF_HOME: home, HF_ENDPOINT: huggingFace.url };
  if (modelscope) {
    env["KOUWEN_HUBS"] = "huggingface,modelscope";
    env["MODELSCOPE_DOMAIN"] = modelscope.url;
  }
  return { home, options: { cacheFolder: join(home, "ours"), env } };
}

async function assertWhole(folder: string): Promise<void> {
  for (const name of FETCHED) assert.ok((await readFile(join(folder, name))).equals(FEW_FILES[name]!), name);
}

/** Nothing in a home has a name by which a program would find it. */
async function assertNothingFinished(home: string): Promise<void> {
  const names = Object.keys(await layoutOf(home)).filter((name) => !name.includes(".partial/"));
  assert.deepEqual(names, []);
}

describe("a busy hub", () => {
  it("is asked again after the pause that it wants", async () => {
    const hub = await start({ busy: { times: 3, retryAfter: "0" } });
    const { options } = await place(hub);
    await assertWhole((await resolveBase(ID, options)).folder);
    assert.ok(hub.requests.slice(0, 4).every((request) => request.includes("/revision/main")));
    assert.ok(!hub.requests[4]!.includes("/revision/"));
  });

  it("is given up, with what to do, when it wants a long pause or stays busy", async () => {
    for (const [busy, asked] of [
      [{ times: 99, retryAfter: "600" }, 1],
      [{ times: 99, retryAfter: "0" }, 4],
    ] as const) {
      const hub = await start({ busy });
      const { home, options } = await place(hub);
      await assert.rejects(
        resolveBase(ID, options),
        /: could not be fetched: 127\.0\.0\.1 has no time for more requests \(status 429\)\. Run the same again in some minutes, which goes on, or pass .*--base/,
      );
      assert.equal(hub.requests.length, asked);
      await assertNothingFinished(home);
    }
  });

  it("gives way to the next", async () => {
    const { options } = await place(await start({ busy: { times: 99, retryAfter: "600" } }), await start());
    await assertWhole((await resolveBase(ID, options)).folder);
  });
});

it("explains a gate that stands before the files only, and leaves no folder", async () => {
  for (const [gated, message] of [
    [
      401,
      /wants a login \(status 401\)\. Check the name, accept a gated model's terms on its page and set HF_TOKEN/,
    ],
    [
      403,
      /refused access \(status 403\)\. Check the name, accept a gated model's terms on its page and set HF_TOKEN/,
    ],
  ] as const) {
    const { home, options } = await place(await start({ gated }));
    await assert.rejects(resolveBase(ID, options), message);
    assert.deepEqual(await layoutOf(join(home, "hub")), {});
  }
});

it("fetches a file whose bytes are wrong from the next hub, and only that", async () => {
  const [first, second] = [await start({ flipped: WEIGHTS }), await start()];
  const { options } = await place(first, second);
  const { folder } = await resolveBase(ID, options);
  await assertWhole(folder);
  assert.equal(first.requests.filter((request) => request.endsWith(`/large/${WEIGHTS}`)).length, 2);
  const fetched = second.requests.flatMap((request) => /FilePath=(\S+)/.exec(request)?.[1] ?? []);
  assert.deepEqual(fetched, [WEIGHTS]);
});

it("leaves a hub that sends nothing, or next to nothing, for the next one, and goes on where it was", async () => {
  for (const [after, silences, rest] of [
    [7, 1, " bytes=7-"],
    [0, 2, ""],
  ] as const) {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const mischief: Mischief = {};
      const [first, second] = [await start(mischief), await start()];
      const { home, options } = await place(first, second);
      const part = join(home, `hub/models--someone--tiny-model/kouwen.${process.pid}.partial`, WEIGHTS);
      let count = 0;
      // Once what it sent is on disk, its time is up.
      const reached = async (): Promise<void> => {
        count += 1;
        mischief.held = { path: WEIGHTS, after, reached };
        while (!existsSync(part) || statSync(part).size < after) await new Promise(setImmediate);
        mock.timers.tick(SILENCE_MS);
      };
      mischief.held = { path: WEIGHTS, after, reached };
      await assertWhole((await resolveBase(ID, options)).folder);
      assert.equal(count, silences);
      assert.ok(second.requests.some((request) => request.endsWith(`FilePath=${WEIGHTS}${rest}`)));
    } finally {
      mock.timers.reset();
    }
  }
});

it("believes no size that can be none", async () => {
  for (const more of [NaN, -1e9, 1e300]) {
    const { home, options } = await place(await start({ listedSize: { path: WEIGHTS, more } }));
    await assert.rejects(resolveBase(ID, options), /127\.0\.0\.1 gave an unusable answer/);
    await assertNothingFinished(home);
  }
});

describe("weights in parts", () => {
  it("are refused before one is fetched if the hub lacks a part that the index names", async () => {
    const { [WEIGHTS]: _missing, ...files } = FEW_FILES;
    const hub = await start({}, files);
    const { home, options } = await place(hub);
    await assert.rejects(
      resolveBase(ID, options),
      /127\.0\.0\.1 lacks model-00002-of-00002\.safetensors, which its index names\. /,
    );
    assert.ok(!hub.requests.some((request) => request.includes("safetensors ")));
    await assertNothingFinished(home);
  });

  it("are refused without an index", async () => {
    const { "model.safetensors.index.json": _index, ...files } = FEW_FILES;
    const { options } = await place(await start({}, files));
    await assert.rejects(resolveBase(ID, options), /has weights in parts without an index of them/);
  });
});

describe("a token", () => {
  it("comes from the variables, or from the file of a login, and goes to its endpoint alone", async () => {
    for (const where of ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "token"]) {
      const cdn = await start();
      const hub = await start({ cdn: cdn.url });
      const { home, options } = await place(hub);
      const file = join(home, where === "token" ? "token" : "elsewhere");
      if (/^HF_TOKEN_PATH|token$/.test(where)) await writeFile(file, `${TOKEN}\n`);
      if (where === "HF_TOKEN_PATH") options.env[where] = file;
      else if (where !== "token") options.env[where] = TOKEN;
      await resolveBase(ID, options);
      assert.ok(
        hub.requests.length > 0 && hub.requests.every((request) => request.endsWith("with token")),
        where,
      );
      assert.ok(
        cdn.requests.length > 0 && !cdn.requests.some((request) => request.endsWith("with token")),
        where,
      );
    }
  });

  it("is in no error, no progress and no file", async () => {
    for (const mischief of [{ status: 401 }, { gated: 403 }, { flipped: "tokenizer.json" }, {}]) {
      const { home, options } = await place(await start(mischief));
      options.env["HF_TOKEN"] = TOKEN;
      const said: unknown[] = [];
      await resolveBase(ID, options, {
        onProgress: (progress) => said.push(progress),
        say: (line) => said.push(line),
      }).catch((error: Error) => said.push(error.message, error.stack, error.cause));
      assert.ok(said.length > 0 && !JSON.stringify(said).includes("secret"));
      for (const name of Object.keys(await layoutOf(home))) {
        assert.ok(!(await readFile(join(home, name))).includes("secret"), name);
      }
    }
  });
});

it("fetches through the proxy of the environment", async () => {
  const hub = await start();
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", (request, client) => {
    tunnels.push(request.url!);
    const upstream = connect(Number(new URL(hub.url).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  try {
    const { options } = await place(hub);
    options.env["HF_ENDPOINT"] = "http://hub.invalid";
    options.env["HTTP_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await assertWhole((await resolveBase(ID, options)).folder);
    assert.deepEqual([...new Set(tunnels)], ["hub.invalid:80"]);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
