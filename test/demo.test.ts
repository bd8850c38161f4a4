import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";

test("a demo that is killed as it writes its chats has none of them, and another does not remove it at work", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-demo-"));
  const demo = join(home, "demo");
  try {
    const killed = await kouwen(["demo"], home, {
      preload: join(packageRoot, "dist/test/kill-at.js"),
      env: { KOUWEN_TEST_FOLDER: demo, KOUWEN_TEST_KILL: "8" },
    });
    assert.equal(killed.code, null, killed.stderr);
    const [left, ...others] = await readdir(demo);
    assert.match(left ?? "", /^export\.\d+\.partial$/);
    assert.deepEqual(others, []);

    await mkdir(join(demo, "adapter"));
    await writeFile(join(demo, "kouwen.json"), JSON.stringify({ kouwen: 1 }));
    await writeFile(join(demo, ".lock"), String(process.pid));
    const second = await kouwen(["demo", "--fresh"], home);
    assert.match(second.stderr, /^project: process \d+ is at work in it\./);
    assert.ok((await readdir(demo)).includes("adapter"));
  } finally {
    await rm(home, { recursive: true });
  }
});
