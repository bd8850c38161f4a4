import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { gguf } from "../gguf/gguf.js";
import type { Catalogue } from "./catalogue.js";
import { openCatalogue } from "./open-catalogue.js";
import type { ServedModel } from "./served-model.js";

/** Files of blobs, as their folder lists them. */
const names = (...digests: string[]) => digests.map((each) => each.replace(":", "-")).toSorted();

describe("catalogue", () => {
  let folder: string;
  let file: Buffer;
  let digest: string;
  let catalogue: Catalogue;
  let ofProjects: ServedModel[];
  const path = () => join(folder, "model.gguf");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "catalogue-"));
    await writeTinyModel(join(folder, "model"), { architecture: "llama", tied: true, seed: 1 });
    const template = templateFor(await loadTokenizer(join(folder, "model"), "test"), "test");
    await gguf({ model: join(folder, "model"), gguf: path() }, { name: "tiny", template });
    file = await readFile(path());
    digest = `sha256:${createHash("sha256").update(file).digest("hex")}`;
    ofProjects = [
      {
        name: "Remy-q4:latest",
        gguf: path(),
        adapter: null,
        digest: "0",
        sizeBytes: file.length,
        modifiedAt: new Date(0),
        system: "You are Remy.",
        messages: [],
        parameters: { temperature: 0.8 },
        license: [],
        parent: "",
        tuned: true,
        ofProject: true,
      },
    ];
    catalogue = await openCatalogue(join(folder, "serve"), async () => ofProjects);
  });
  after(() => rm(folder, { recursive: true }));

  it("keeps a blob under its own digest only, and nothing of an upload that broke off", async () => {
    const other = digest.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    await assert.rejects(catalogue.writeBlob(other, Readable.from([file])), {
      name: "MalformedInput",
      message: /digest mismatch/,
    });
    const broken = Readable.from(
      (function* () {
        yield file.subarray(0, 1000);
        throw new Error("hung up");
      })(),
    );
    await assert.rejects(catalogue.writeBlob(digest, broken), /hung up/);
    assert.deepEqual(await readdir(join(folder, "serve", "blobs")), []);
    assert.equal(await catalogue.writeBlob(digest, Readable.from([file])), true);
    assert.equal(await catalogue.writeBlob(digest, Readable.from([file])), false);
    assert.equal(await catalogue.hasBlob(digest.replace(":", "-")), true);
    for (const bad of [
      "",
      "sha256:",
      "sha256:../../x",
      `${digest}/..`,
      digest.toUpperCase(),
      `md5:${"0".repeat(64)}`,
    ]) {
      assert.throws(() => catalogue.blobPath(bad), { name: "MalformedInput" });
    }
  });

  it("makes models of blobs and of models, and finds them in any case", async () => {
    await catalogue.create({
      name: "Mine",
      from: { blob: digest },
      system: "hi",
      parameters: { stop: ["x"] },
    });
    await catalogue.create({ name: "ns/child:v1", from: { model: "mine" }, parameters: { temperature: 1 } });
    const child = await catalogue.find("NS/Child:V1");
    assert.equal(child!.system, "hi");
    assert.equal(child!.parent, "Mine:latest");
    assert.deepEqual(child!.parameters, { stop: ["x"], temperature: 1 });
    assert.equal(child!.tuned, false);
    await catalogue.create({ name: "remy-loud", from: { model: "library/remy-q4" }, system: "LOUD" });
    const loud = await catalogue.find("remy-loud");
    assert.deepEqual([loud!.gguf, loud!.system, loud!.tuned, loud!.ofProject], [path(), "LOUD", true, false]);
    assert.equal(await catalogue.copy("remy-loud", "again"), true);
    assert.equal(await catalogue.copy("nobody", "again"), false);
    assert.equal((await catalogue.find("again"))!.system, "LOUD");
    assert.equal((await catalogue.list()).length, 5);
  });

  it("refuses names and blobs that are none, and leaves projects alone", async () => {
    for (const name of ["", "../x", "a/b/c", "-x", "x:", "a b", "阿泽", "x".repeat(81), "a\0b"]) {
      await assert.rejects(catalogue.create({ name, from: { blob: digest } }), {
        message: /invalid model name/,
      });
      assert.equal(await catalogue.find(name), undefined);
      assert.equal(await catalogue.remove(name), false);
    }
    await assert.rejects(catalogue.create({ name: "REMY-Q4", from: { blob: digest } }), {
      message: /project/,
    });
    await assert.rejects(catalogue.remove("remy-q4"), { name: "Unsupported", message: /project/ });
    await assert.rejects(catalogue.create({ name: "x", from: { blob: `sha256:${"0".repeat(64)}` } }), {
      name: "MalformedInput",
      message: /not found/,
    });
    await assert.rejects(catalogue.create({ name: "x", from: { model: "nobody" } }), {
      message: /not found/,
    });
    const bytes = Buffer.from("GGUF, but nothing more");
    const bad = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    await catalogue.writeBlob(bad, Readable.from([bytes]));
    await assert.rejects(catalogue.create({ name: "x", from: { blob: bad } }));
    assert.equal(await catalogue.find("x"), undefined);
  });

  it("outlives broken manifests, projects that are gone and a restart", async () => {
    const models = join(folder, "serve", "models");
    await mkdir(models, { recursive: true });
    await writeFile(join(models, "broken.json"), "{");
    await writeFile(join(models, "other.json"), "[]");
    const projects = ofProjects;
    ofProjects = [];
    const again = await openCatalogue(join(folder, "serve"), async () => ofProjects);
    assert.deepEqual((await again.list()).map(({ name }) => name).sort(), ["Mine:latest", "ns/child:v1"]);
    ofProjects = projects;
    assert.ok(await again.find("remy-loud"));
    assert.equal(await again.remove("ns/child:v1"), true);
    assert.equal(await again.remove("ns/child:v1"), false);
    assert.equal(await again.hasBlob(digest), true);
  });

  it("removes files that no model needs, once they are an hour old", async () => {
    const home = join(folder, "pruned");
    const own = await openCatalogue(home, async () => ofProjects);
    const upload = async (bytes: Buffer) => {
      const name = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      await own.writeBlob(name, Readable.from([bytes]));
      return name;
    };
    const [used, old, fresh] = [
      await upload(file),
      await upload(Buffer.from("a")),
      await upload(Buffer.from("b")),
    ];
    await own.create({ name: "one", from: { blob: used } });
    await own.create({ name: "two", from: { model: "one" } });
    const partial = join(home, "blobs", "sha256-0.partial");
    await writeFile(partial, "half");
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const path of [own.blobPath(used), own.blobPath(old), partial]) await utimes(path, longAgo, longAgo);

    const held = async () => (await readdir(join(home, "blobs"))).toSorted();
    const again = await openCatalogue(home, async () => ofProjects);
    assert.deepEqual(await held(), names(used, fresh));
    await again.remove("one");
    assert.deepEqual(await held(), names(used, fresh), "the other model still needs it");
    await again.remove("two");
    assert.deepEqual(await held(), names(fresh));
  });
});
