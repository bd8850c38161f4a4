import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../src/project/paths.js";
import { COMMIT, startLoopbackHub, tinyModelFiles } from "./loopback-hub.js";

const ID = "someone/tiny-model";

let root: string;
let files: Record<string, Buffer>;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "pull-"));
  files = await tinyModelFiles(join(root, "remote"));
});
after(() => rm(root, { recursive: true }));

/** The program in a process of its own, in a home of its own. */
function kouwen(home: string, url: string, args: readonly string[]) {
  const main = join(packageRoot, "dist/src/cli/main.js");
  const env = { PATH: process.env["PATH"], HOME: home, KOUWEN_HOME: home, HF_ENDPOINT: url };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => void (said += String(chunk)));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, said })),
  );
  return { child, ended };
}

const REPO = ".cache/huggingface/hub/models--someone--tiny-model";

async function assertWhole(home: string): Promise<void> {
  const repo = join(home, REPO);
  assert.deepEqual((await readdir(repo)).sort(), ["blobs", "refs", "snapshots"]);
  for (const [name, bytes] of Object.entries(files)) {
    assert.ok((await readFile(join(repo, "snapshots", COMMIT, name))).equals(bytes), name);
  }
}

test("a pull that is killed leaves nothing that is taken for a model, and the next one goes on", async () => {
  const home = await mkdtemp(join(root, "home-"));
  let kill: (() => void) | undefined;
  const held = { path: "model.safetensors", after: 70_000, reached: () => kill?.() };
  const hub = await startLoopbackHub(ID, files, { held });
  try {
    const first = kouwen(home, hub.url, ["pull", ID]);
    kill = () => void first.child.kill("SIGKILL");
    assert.equal((await first.ended).code, null);
    const names = (await readdir(join(home, REPO))).sort();
    assert.match(names.join(), /^kouwen\.\d+\.partial,snapshots$/);
    assert.deepEqual(await readdir(join(home, REPO, "snapshots")), []);
    const listed = await kouwen(home, hub.url, ["models"]).ended;
    assert.match(listed.said, /^someone\/tiny-model .* kouwen {2}\(begun; pull goes on\)$/m);
    const second = await kouwen(home, hub.url, ["pull", ID]).ended;
    assert.equal(second.code, 0, second.said);
    await assertWhole(home);
    assert.equal(hub.requests.filter((request) => request.includes("tokenizer.json bytes=0-0")).length, 1);
  } finally {
    await hub.close();
  }
});

test("two processes that pull the same model at once both have it, until it is removed", async () => {
  const home = await mkdtemp(join(root, "home-"));
  const hub = await startLoopbackHub(ID, files);
  try {
    const both = await Promise.all([0, 1].map(() => kouwen(home, hub.url, ["pull", ID]).ended));
    for (const { code, said } of both) assert.equal(code, 0, said);
    await assertWhole(home);
    const remove = ["models", "--remove", ID];
    const asked = await kouwen(home, hub.url, remove).ended;
    assert.match(asked.said, /^models --remove: nobody is there to say yes\. Give --yes\.$/m);
    await assertWhole(home);
    const removed = await kouwen(home, hub.url, [...remove, "--yes"]).ended;
    assert.match(
      removed.said,
      /is removed from Hugging Face's cache, for other programs too; [\d.]+MB are free/,
    );
    assert.deepEqual(await readdir(join(home, REPO, "..")), []);
  } finally {
    await hub.close();
  }
});

test("models are listed with who keeps them, and only ours are removed", async () => {
  const home = await mkdtemp(join(root, "home-"));
  const ours = join(home, "cache", "models", "someone--tiny-model");
  const theirs = join(home, ".cache", "modelscope", "hub", "models", "other", "tiny-1___5");
  for (const folder of [ours, theirs]) {
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  }
  const converted = join(home, "cache", "gguf");
  await mkdir(converted);
  await writeFile(join(converted, "tiny-f16.gguf"), "GGUF");
  const run = (...args: string[]) => kouwen(home, "http://127.0.0.1:1", ["models", ...args]).ended;
  const listed = (await run()).said;
  assert.match(listed, /^someone\/tiny-model +[\d.]+k?M?B {2}kouwen$/m);
  assert.match(listed, /^other\/tiny-1\.5 +[\d.]+k?M?B {2}modelscope$/m);
  assert.match(listed, /^tiny-f16\.gguf +4B {2}kouwen$/m);
  assert.match((await run("--remove", "tiny-f16.gguf", "--yes")).said, /is removed; 4B are free/);
  assert.deepEqual(await readdir(converted), []);
  assert.match((await run("--remove", ID)).said, /nobody is there to say yes\. Give --yes\./);
  assert.match((await run("--remove", "other/tiny-1.5", "--yes")).said, /kept by another tool/);
  assert.match((await run("--remove", ID, "--yes")).said, /is removed/);
  assert.deepEqual(await readdir(join(home, "cache", "models")), []);
  assert.ok((await readdir(theirs)).length > 0);
});
