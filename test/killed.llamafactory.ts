import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { newestCheckpoint } from "../src/engines/llama-factory/newest-checkpoint.js";
import { trainStageSettings } from "../src/train/engine-settings.js";
import { factoryForTests, inventDialogues, writeDialogues } from "./factory.js";
import { writeTinyModel } from "./tiny-model.js";

const WAIT_MS = 120_000;
const POLL_MS = 200;

// What `kouwen train` does, until it is killed in the middle of training.
const KILLED = `
const [, module, ...rest] = process.argv;
const [place, paths, settings] = rest.map((text) => JSON.parse(text));
const { trainByLlamaFactory } = await import(module);
const onProgress = ({ done }) => done >= 1 && process.kill(process.pid, "SIGKILL");
await trainByLlamaFactory(place)(paths, settings, { onProgress });
`;

/** Processes that work in a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(all.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return all.filter((_, at) => folders[at] === folder);
}

const skip = process.platform !== "linux" && "finds processes by /proc";
test("killed, it leaves no process of torchrun behind, and a checkpoint", { skip }, async () => {
  const home = await realpath(await mkdtemp(join(tmpdir(), "kouwen-killed-")));
  const [base, out] = [join(home, "base"), join(home, "out")];
  const folder = join(out, "llamafactory");
  try {
    await writeTinyModel(base, { architecture: "llama", tied: true, seed: "killed", type: "F32" });
    const dialogues = await writeDialogues(join(home, "dialogues.jsonl"), inventDialogues(128, 2, "killed"));
    const place = await factoryForTests();
    const settings = trainStageSettings.parse({
      engine: "llamafactory",
      rank: 4,
      epochs: 60,
      batchReplies: 16,
      learningRate: 1e-3,
      processes: 2,
    });
    const module = new URL("../src/engines/llama-factory/train.js", import.meta.url).href;
    const given = [place, { base, dialogues, out }, settings].map((value) => JSON.stringify(value));
    const child = spawn(process.execPath, ["--input-type=module", "-e", KILLED, module, ...given], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    assert.equal(signal, "SIGKILL");
    assert.notDeepEqual(await processesIn(folder), [], "torchrun still works when its starter goes");
    const deadline = Date.now() + WAIT_MS;
    while ((await processesIn(folder)).length > 0) {
      assert.ok(Date.now() < deadline, "processes are left");
      await setTimeout(POLL_MS);
    }
    const { steps, planned } = JSON.parse(await readFile(join(folder, "result.json"), "utf8"));
    assert.ok(steps < planned, "it was stopped, and did not come to its end by itself");
    assert.ok((await newestCheckpoint(join(folder, "output"))) > 0);
  } finally {
    for (const pid of await processesIn(folder)) process.kill(Number(pid), "SIGKILL");
    await rm(home, { recursive: true, force: true });
  }
});
