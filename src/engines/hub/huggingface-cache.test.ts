import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { FEW_FILES } from "../../../test/few-files.js";
import { layoutOf } from "../../../test/huggingface-peer.js";
import { COMMIT, type LoopbackHub, startLoopbackHub } from "../../../test/loopback-hub.js";
import { packageRoot } from "../../project/paths.js";
import { listModels, removeModel } from "./list-models.js";
import { resolveBase } from "./resolve-base.js";

const ID = "someone/tiny-model";
/** The weights, as the hash of their content names them. */
const BLOB = "blobs/986aa90b5305a13f9ff44c3b70570b4c1d7ffa418f236ae19d5874c4f2667d5f";
const WEIGHTS = "model-00001-of-00002.safetensors";

type Layout = Record<string, string>;

let root: string;
let golden: { linked: Layout; unlinked: Layout };
let hub: LoopbackHub | undefined;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "layout-"));
  golden = JSON.parse(
    await readFile(join(packageRoot, "test/golden/huggingface-cache/layouts.json"), "utf8"),
  ) as typeof golden;
});
after(() => rm(root, { recursive: true }));
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

async function place(variables: NodeJS.ProcessEnv = {}) {
  hub = await startLoopbackHub(ID, FEW_FILES);
  const home = await mkdtemp(join(root, "home-"));
  const env = { HOME: home, HF_HOME: home, HF_ENDPOINT: hub.url, ...variables };
  const repo = join(home, "hub", "models--someone--tiny-model");
  return { home, repo, options: { cacheFolder: join(home, "ours"), env } };
}

/** Requests for the bytes of weights. */
const asked = (): string[] => hub!.requests.filter((request) => request.includes("safetensors"));

describe("a model put into Hugging Face's cache", () => {
  it("lies there as huggingface_hub itself would have put it, and nowhere else", async () => {
    const { home, repo, options } = await place();
    const base = await resolveBase(ID, options);
    assert.deepEqual(base, { folder: join(repo, "snapshots", COMMIT), name: ID });
    assert.deepEqual(await layoutOf(repo), golden.linked);
    assert.deepEqual(await readdir(home), ["hub"]);
  });

  it("has no links where there can be none", async () => {
    const { repo, options } = await place({ HF_HUB_DISABLE_SYMLINKS: "1" });
    await resolveBase(ID, options);
    assert.deepEqual(await layoutOf(repo), golden.unlinked);
  });

  it("keeps what is there of it with the right bytes, and replaces what is damaged", async () => {
    for (const [name, text, again] of [
      [BLOB, "the first half of the weights", false],
      [BLOB, "the first half of the WEIGHTS", true],
      [`snapshots/${COMMIT}/${WEIGHTS}`, "the first half of the weights", false],
    ] as const) {
      await hub?.close();
      const { repo, options } = await place();
      await mkdir(join(repo, name, ".."), { recursive: true });
      await writeFile(join(repo, name), text);
      const { folder } = await resolveBase(ID, options);
      assert.equal(
        asked().some((request) => request.includes(WEIGHTS)),
        again,
        name,
      );
      assert.equal(await readFile(join(folder, WEIGHTS), "utf8"), "the first half of the weights");
      const { [`snapshots/${COMMIT}/${WEIGHTS}`]: _there, [BLOB]: _blob, ...others } = await layoutOf(repo);
      for (const [path, hash] of Object.entries(others)) assert.equal(hash, golden.linked[path], path);
    }
  });

  it("never gives a whole file's name to the part of it that an earlier fetch left", async () => {
    for (const variables of [{}, { HF_HUB_DISABLE_SYMLINKS: "1" }]) {
      await hub?.close();
      const { repo, options } = await place(variables);
      const partial = join(repo, "kouwen.999999999.partial");
      for (const folder of [partial, join(repo, "blobs")]) await mkdir(folder, { recursive: true });
      await writeFile(join(partial, WEIGHTS), "the first");
      await writeFile(join(repo, BLOB), "the first half of the weights");
      const { folder } = await resolveBase(ID, options);
      assert.equal(await readFile(join(folder, WEIGHTS), "utf8"), "the first half of the weights");
      assert.equal(await readFile(join(repo, BLOB), "utf8"), "the first half of the weights");
    }
  });

  it("replaces an older state that is not whole", async () => {
    const { repo, options } = await place();
    const old = "f".repeat(40);
    await mkdir(join(repo, "snapshots", old), { recursive: true });
    await mkdir(join(repo, "refs"));
    await writeFile(join(repo, "snapshots", old, "config.json"), "{}");
    await writeFile(join(repo, "refs", "main"), old);
    await resolveBase(ID, options);
    assert.equal(await readFile(join(repo, "refs", "main"), "utf8"), COMMIT);
  });

  it("goes into our own cache where that one cannot be written", async () => {
    const { home, options } = await place();
    await writeFile(join(home, "hub"), "a file where a folder should be");
    const said: string[] = [];
    const { folder } = await resolveBase(ID, options, { say: (line) => said.push(line) });
    assert.equal(folder, join(home, "ours", "models", "someone--tiny-model"));
    assert.match(
      said.join(),
      /^Hugging Face's cache cannot be written \(E[A-Z]+\); someone\/tiny-model goes into/,
    );
  });

  it("is listed under Hugging Face, and is removed with all that lies under its name", async () => {
    const { home, repo, options } = await place();
    await resolveBase(ID, options);
    const models = await listModels(options.cacheFolder, options.env);
    const sizeBytes = Object.entries(FEW_FILES)
      .filter(([name]) => !/^(README|\.git|tokenizer_config)/.test(name))
      .reduce((sum, [, { length }]) => sum + length, COMMIT.length);
    assert.deepEqual(models, [{ name: ID, keeper: "huggingface", folder: repo, sizeBytes, whole: true }]);
    await removeModel(models[0]!);
    assert.deepEqual(await readdir(join(home, "hub")), []);
  });

  it("is not removed while it is being fetched", async () => {
    const { repo, options } = await place();
    await resolveBase(ID, options);
    // The process that runs this test lives.
    await mkdir(join(repo, `kouwen.${process.pid}.partial`));
    const models = await listModels(options.cacheFolder, options.env);
    assert.deepEqual(models.map(({ keeper, whole }) => `${keeper} ${whole}`).sort(), [
      "huggingface true",
      "kouwen false",
    ]);
    for (const model of models) await assert.rejects(removeModel(model), /^Unavailable: .*being fetched now/);
  });

  it("leaves no folder when what a dead fetch began of it is removed", async () => {
    const { home, repo, options } = await place();
    // No system gives out process numbers this high.
    const partial = join(repo, "kouwen.999999999.partial");
    await mkdir(partial, { recursive: true });
    await mkdir(join(repo, "snapshots"));
    await writeFile(join(partial, "config.json"), "{}");
    const models = await listModels(options.cacheFolder, options.env);
    assert.deepEqual(models, [{ name: ID, keeper: "kouwen", folder: partial, sizeBytes: 2, whole: false }]);
    await removeModel(models[0]!);
    assert.deepEqual(await readdir(join(home, "hub")), []);
  });
});
