import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import { resolveBase } from "./resolve-base.js";

const ID = "someone/tiny-1.5";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

let root: string;
let model: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "stores-"));
  model = join(root, "model");
  await writeTinyModel(model, { architecture: "llama", tied: true, seed: 2, layers: 1 });
});
after(() => rm(root, { recursive: true }));

/** No hub may be asked, and no real cache be seen. */
async function place(variables: NodeJS.ProcessEnv = {}) {
  const home = await mkdtemp(join(root, "home-"));
  const env: NodeJS.ProcessEnv = { HOME: home, HF_HUB_OFFLINE: "1", ...variables };
  return { home, options: { cacheFolder: join(home, "ours"), env } };
}

/** A model as Hugging Face's tools keep it, with these of its files. */
async function writeHuggingFaceCache(hub: string, names: readonly string[]): Promise<string> {
  const repo = join(hub, "models--someone--tiny-1.5");
  const snapshot = join(repo, "snapshots", COMMIT);
  for (const folder of ["blobs", "refs", `snapshots/${COMMIT}`]) {
    await mkdir(join(repo, folder), { recursive: true });
  }
  await writeFile(join(repo, "refs", "main"), COMMIT);
  for (const name of names) {
    const blob = createHash("sha256")
      .update(await readFile(join(model, name)))
      .digest("hex");
    await copyFile(join(model, name), join(repo, "blobs", blob));
    await symlink(join("..", "..", "blobs", blob), join(snapshot, name));
  }
  return snapshot;
}

/** A store with one model, whose manifest has these layers beside the weights. */
async function writeStore(store: string, more: readonly string[] = []): Promise<string> {
  const path = join(root, "tiny.gguf");
  await gguf(
    { model, gguf: path },
    { name: "tiny", template: templateFor(await loadTokenizer(model, "test"), "test") },
  );
  const bytes = await readFile(path);
  const hex = createHash("sha256").update(bytes).digest("hex");
  const manifest = join(store, "manifests", "registry.example", "library", "tiny", "latest");
  await mkdir(dirname(manifest), { recursive: true });
  await mkdir(join(store, "blobs"), { recursive: true });
  const layers = ["model", ...more].map((kind) => ({
    mediaType: `application/vnd.ollama.image.${kind}`,
    digest: `sha256:${hex}`,
    size: bytes.length,
  }));
  await writeFile(manifest, JSON.stringify({ schemaVersion: 2, layers }));
  const blob = join(store, "blobs", `sha256-${hex}`);
  await writeFile(blob, bytes);
  return blob;
}

const NEEDED = ["config.json", "tokenizer.json", "tokenizer_config.json"];

describe("Hugging Face's cache", () => {
  it("gives a model that is whole, wherever the variables say that it is", async () => {
    for (const [variable, folder] of [
      ["", ".cache/huggingface/hub"],
      ["HF_HOME", "hub"],
      ["HF_HUB_CACHE", ""],
    ] as const) {
      const { home, options } = await place();
      if (variable !== "") options.env[variable] = join(home, "elsewhere");
      const hub = variable === "" ? join(home, folder) : join(home, "elsewhere", folder);
      const snapshot = await writeHuggingFaceCache(hub, [...NEEDED, "model.safetensors"]);
      assert.deepEqual(await resolveBase(ID, options), { folder: snapshot, name: ID });
    }
  });

  it("is passed over while weights are missing", async () => {
    const { home, options } = await place();
    const snapshot = await writeHuggingFaceCache(join(home, ".cache/huggingface/hub"), NEEDED);
    const index = {
      weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
    };
    await writeFile(join(snapshot, "model.safetensors.index.json"), JSON.stringify(index));
    await writeFile(join(snapshot, index.weight_map.a), "");
    await assert.rejects(resolveBase(ID, options), /could not be fetched: HF_HUB_OFFLINE is set/);
    await writeFile(join(snapshot, index.weight_map.b), "");
    assert.equal((await resolveBase(ID, options)).folder, snapshot);
  });
});

describe("ModelScope's cache", () => {
  it("gives a model, by the layouts of its versions", async () => {
    for (const folder of [
      "hub/models/someone/tiny-1___5",
      "hub/someone/tiny-1___5",
      "models/someone/tiny-1.5",
    ]) {
      const { home, options } = await place();
      options.env["MODELSCOPE_CACHE"] = join(home, "scope");
      const kept = join(home, "scope", folder);
      await cp(model, kept, { recursive: true });
      assert.equal((await resolveBase(ID, options)).folder, kept);
    }
  });
});

describe("the local Ollama's store", () => {
  it("gives the weights of a model", async () => {
    const { home, options } = await place();
    await writeStore(join(home, ".ollama", "models"));
    const { folder, name } = await resolveBase("ollama:tiny", options);
    assert.equal(name, "ollama:tiny");
    const weights = "model.safetensors";
    assert.ok((await readFile(join(folder, weights))).equals(await readFile(join(model, weights))));
    for (const same of ["tiny:latest", "library/tiny", "registry.example/library/tiny:latest"]) {
      assert.equal((await resolveBase(`ollama:${same}`, options)).folder, folder);
    }
    await assert.rejects(
      resolveBase("ollama:hf.co/library/tiny", options),
      /not in the local Ollama's store/,
    );
  });

  it("gives nothing that is missing, cut, or only an adapter", async () => {
    const store = await mkdtemp(join(root, "store-"));
    const { options } = await place({ OLLAMA_MODELS: store });
    await assert.rejects(
      resolveBase("ollama:tiny", options),
      /^Unavailable: base ollama:tiny: not in the local/,
    );
    await assert.rejects(resolveBase("ollama:../tiny", options), /^MalformedInput: .*no name of a model/);
    const blob = await writeStore(store);
    await truncate(blob, 5000);
    await assert.rejects(resolveBase("ollama:tiny", options), /^Unavailable: .*have 5000 bytes of \d+\./);
    await writeStore(store, ["adapter"]);
    await assert.rejects(resolveBase("ollama:tiny", options), /^Unsupported: .*an adapter/);
    const manifest = join(store, "manifests", "registry.example", "library", "tiny", "latest");
    await writeFile(manifest, "{");
    await assert.rejects(resolveBase("ollama:tiny", options), (error: Error) => {
      assert.match(error.message, /its manifest names no weights/);
      assert.ok(!error.message.includes(basename(root)));
      return true;
    });
  });
});
