import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { resolveBase } from "../src/engines/hub/resolve-base.js";
import { packageRoot } from "../src/project/paths.js";
import { FETCHED, FEW_FILES } from "./few-files.js";
import { huggingFacePeer, layoutOf, type Peer } from "./huggingface-peer.js";
import { COMMIT, type LoopbackHub, startLoopbackHub } from "./loopback-hub.js";

const ID = "someone/tiny-model";
const HASHES = Object.fromEntries(
  FETCHED.map((name) => [name, createHash("sha256").update(FEW_FILES[name]!).digest("hex")]),
);

let root: string;
let cdn: LoopbackHub;
let hub: LoopbackHub;
let peer: Peer;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "peer-"));
  peer = await huggingFacePeer();
  cdn = await startLoopbackHub(ID, FEW_FILES);
  hub = await startLoopbackHub(ID, FEW_FILES, { cdn: cdn.url });
});
after(async () => {
  await hub?.close();
  await cdn?.close();
  await rm(root, { recursive: true });
});

/** A new home for both. */
async function place(variables: NodeJS.ProcessEnv) {
  const home = await mkdtemp(join(root, "home-"));
  const env = { HOME: home, HF_HUB_CACHE: join(home, "hub"), HF_ENDPOINT: hub.url, ...variables };
  return {
    options: { cacheFolder: join(home, "ours"), env },
    env,
    repo: join(home, "hub/models--someone--tiny-model"),
  };
}

for (const [title, variables] of [
  ["linked", {}],
  ["unlinked", { HF_HUB_DISABLE_SYMLINKS: "1", HF_HUB_DISABLE_SYMLINKS_WARNING: "1" }],
] as const) {
  describe(`a cache, ${title}`, () => {
    it("that we wrote is whole in the eyes of huggingface_hub, which fetches nothing again", async () => {
      const { options, env } = await place(variables);
      await resolveBase(ID, options);
      const read = await peer({ ...env, HF_HUB_OFFLINE: "1" }, "read", ID);
      const files = Object.keys(HASHES).sort();
      assert.deepEqual(read, {
        files: HASHES,
        repos: [{ id: ID, revisions: [{ commit: COMMIT, refs: ["main"], files }] }],
        warnings: [],
        incomplete: 0,
        said: [],
      });
      hub.requests.length = 0;
      assert.deepEqual(await peer(env, "fetch", ID, ...FETCHED), { files: HASHES, said: [] });
      assert.deepEqual(
        hub.requests.filter((request) => /^GET .*(resolve|large)/.test(request)),
        [],
      );
    });

    it("that huggingface_hub wrote is the golden one, and is read by us without a request", async () => {
      const { options, env, repo } = await place(variables);
      assert.deepEqual(await peer(env, "fetch", ID, ...FETCHED), { files: HASHES, said: [] });
      const golden = JSON.parse(
        await readFile(join(packageRoot, "test/golden/huggingface-cache/layouts.json"), "utf8"),
      ) as Record<string, unknown>;
      assert.deepEqual(await peer(env, "layout", ID), golden[title]);
      hub.requests.length = 0;
      const { folder } = await resolveBase(ID, options);
      assert.equal(folder, join(repo, "snapshots", COMMIT));
      assert.deepEqual(await layoutOf(repo).then(withoutTrees), golden[title]);
      assert.deepEqual(hub.requests, []);
    });

    it("that both fetched into is whole for both, and neither fetches what the other has", async () => {
      const { options, env } = await place(variables);
      const stopping = new AbortController();
      const onProgress = () => stopping.abort(new Error("enough"));
      await assert.rejects(resolveBase(ID, options, { onProgress, signal: stopping.signal }), /enough/);
      assert.deepEqual((await peer(env, "fetch", ID, "*.safetensors"))["said"], []);
      cdn.requests.length = 0;
      await resolveBase(ID, options);
      assert.deepEqual(cdn.requests, []);
      const { files, warnings, incomplete } = await peer(
        { ...env, HF_HUB_OFFLINE: "1" },
        "read",
        ID,
        ...FETCHED,
      );
      assert.deepEqual({ files, warnings, incomplete }, { files: HASHES, warnings: [], incomplete: 0 });
    });
  });
}

function withoutTrees(layout: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(layout).filter(([name]) => !name.startsWith("trees/")));
}
