import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../src/project/paths.js";
import { FEW_FILES } from "./few-files.js";
import { layoutOf } from "./huggingface-peer.js";
import { kouwen } from "./kouwen.js";
import { type LoopbackHub, startLoopbackHub } from "./loopback-hub.js";

const ID = "someone/tiny-model";
const DISK_MIB = 16;

let root: string;
let hub: LoopbackHub;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "kouwen-pull-"));
  hub = await startLoopbackHub(ID, FEW_FILES);
});
after(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

test("a pull that is killed at any operation leaves nothing torn, and the next one has the same bytes", async () => {
  const pull = async (killAt: number, list = "") => {
    const home = await mkdtemp(join(root, "home-"));
    const cache = join(home, "cache");
    await mkdir(cache);
    const run = (at: number) =>
      kouwen(["pull", ID], home, {
        preload: join(packageRoot, "dist/test/kill-at.js"),
        env: {
          HF_HUB_OFFLINE: "0",
          HF_ENDPOINT: hub.url,
          HF_HOME: cache,
          KOUWEN_TEST_FOLDER: cache,
          KOUWEN_TEST_KILL: String(at),
          KOUWEN_TEST_COUNT: list,
        },
      });
    return { cache, run, first: await run(killAt) };
  };
  const list = join(root, "operations.txt");
  const whole = await pull(-1, list);
  assert.equal(whole.first.code, 0, whole.first.stderr);
  const expected = await layoutOf(whole.cache);
  const count = (await readFile(list, "utf8")).trim().split("\n").length;
  assert.ok(count > 25, String(count));
  for (let at = 0; at < count; at += 1) {
    const { cache, run, first } = await pull(at);
    assert.equal(first.code, null, `killed at ${at}`);
    for (const [name, hash] of Object.entries(await layoutOf(cache))) {
      if (!name.includes(".partial")) assert.equal(hash, expected[name], `${name} at ${at}`);
    }
    const second = await run(-1);
    assert.equal(second.code, 0, second.stderr);
    assert.deepEqual(await layoutOf(cache), expected, `at ${at}`);
  }
});

test("a pull that fills a real disk says so in one line, and goes on with room again", async (context) => {
  const disk = await mkdtemp(join(tmpdir(), "kouwen-disk-"));
  const options = `size=${DISK_MIB}m`;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
  } catch {
    await rm(disk, { recursive: true });
    return context.skip("this machine does not let us mount a file system");
  }
  const weights = Buffer.alloc((DISK_MIB / 2) << 20, 7);
  const files = { ...FEW_FILES, "model-00002-of-00002.safetensors": weights };
  const ballast = join(disk, "ballast");
  // Not before the weights are asked for: the pull would refuse to begin.
  let fill = true;
  const onBody = (path: string) => {
    if (path !== "model-00002-of-00002.safetensors" || !fill) return;
    execFileSync("sh", ["-c", `head -c ${(DISK_MIB * 3) << 18} /dev/zero > "$0"`, ballast]);
  };
  const full = await startLoopbackHub(ID, files, { onBody });
  try {
    const home = await mkdtemp(join(root, "home-"));
    const env = { HF_HUB_OFFLINE: "0", HF_ENDPOINT: full.url, HF_HOME: disk };
    const first = await kouwen(["pull", ID], home, { env });
    assert.equal(first.code, 1);
    assert.match(first.stderr, /^base tiny-model: no space left on the disk\. Free some and run again\.$/m);
    const finished = Object.keys(await layoutOf(join(disk, "hub"))).filter(
      (name) => !name.includes(".partial/"),
    );
    assert.deepEqual(finished, []);
    const refused = await kouwen(["pull", ID], home, { env });
    assert.match(refused.stderr, /^base someone\/tiny-model: 0\.0 GiB are needed, 0\.0 GiB are free\. /m);
    fill = false;
    await rm(ballast);
    const second = await kouwen(["pull", ID], home, { env });
    assert.equal(second.code, 0, second.stderr);
  } finally {
    await full.close();
    execFileSync("umount", ["-l", disk]);
    await rm(disk, { recursive: true });
  }
});
