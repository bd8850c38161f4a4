import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { resolveBase } from "../src/engines/hub/resolve-base.js";
import { FEW_FILES } from "./few-files.js";
import { layoutOf } from "./huggingface-peer.js";
import { type LoopbackHub, startLoopbackHub } from "./loopback-hub.js";
import { saysDiskIsFull } from "./stage-by-stage.js";
import { type Operation, watchWrites } from "./watch-writes.js";

const ID = "someone/tiny-model";
const TAKES_ROOM = new Set(["open", "write", "mkdir", "copy"]);

let root: string;
let hub: LoopbackHub;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "full-pull-"));
  hub = await startLoopbackHub(ID, FEW_FILES);
});
after(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

async function place(variables: NodeJS.ProcessEnv) {
  const home = await mkdtemp(join(root, "home-"));
  const env = { HOME: home, HF_HOME: home, HF_ENDPOINT: hub.url, MODELSCOPE_DOMAIN: hub.url, ...variables };
  return { home, options: { cacheFolder: home, env } };
}

for (const [variables, step] of [
  [{}, 1],
  [{ HF_HUB_DISABLE_SYMLINKS: "1" }, 4],
  [{ KOUWEN_HUBS: "modelscope" }, 4],
] as const) {
  const where = Object.keys(variables).join() || "with links";
  test(`a pull that meets a full disk anywhere finishes nothing, and goes on with room again: ${where}`, async () => {
    const whole = await place(variables);
    const operations: Operation[] = [];
    const stopCounting = watchWrites(whole.home, (operation) => (operations.push(operation), "none"));
    await resolveBase(ID, whole.options).finally(stopCounting);
    const expected = await layoutOf(whole.home);
    assert.ok(operations.length > 25, String(operations.length));

    for (let index = 0; index < operations.length; index += step) {
      const { home, options } = await place(variables);
      const stop = watchWrites(home, ({ kind }, at) =>
        at === index || (at > index && TAKES_ROOM.has(kind)) ? "full" : "none",
      );
      await assert.rejects(resolveBase(ID, options).finally(stop), (error) => saysDiskIsFull(error, home));
      const offline = { ...options.env, HF_HUB_OFFLINE: "1" };
      await assert.rejects(
        resolveBase(ID, { ...options, env: offline }),
        /HF_HUB_OFFLINE/,
        `after operation ${index}`,
      );
      for (const [name, hash] of Object.entries(await layoutOf(home))) {
        if (!name.includes(".partial")) assert.equal(hash, expected[name], name);
      }
      await resolveBase(ID, options);
      assert.deepEqual(await layoutOf(home), expected);
    }
  });
}
