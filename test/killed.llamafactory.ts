import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readlink, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { trainByLlamaFactory } from "../src/engines/llama-factory/train.js";
import { trainStageSettings } from "../src/train/engine-settings.js";
import { factoryForTests, inventDialogues, writeDialogues } from "./factory.js";
import { writeTinyModel } from "./tiny-model.js";

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

/** The step that the second call says it goes on from; Infinity as long as it says none. */
function resumedFrom(said: readonly string[]): number {
  return Number(
    /from step (\d+)$/.exec(said.find((line) => line.includes("goes on")) ?? "")?.[1] ?? Infinity,
  );
}

const skip = process.platform !== "linux" && "finds processes by /proc";
test(
  "killed, it leaves processes that save a checkpoint and end; the next call goes on",
  { skip },
  async () => {
    const home = await realpath(await mkdtemp(join(tmpdir(), "kouwen-killed-")));
    const [base, out] = [join(home, "base"), join(home, "out")];
    const folder = join(out, "llamafactory");
    try {
      await writeTinyModel(base, { architecture: "llama", tied: true, seed: "killed", type: "F32" });
      const dialogues = await writeDialogues(
        join(home, "dialogues.jsonl"),
        inventDialogues(128, 2, "killed"),
      );
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
      const said: string[] = [];
      const stop = new AbortController();
      const again = trainByLlamaFactory(place)({ base, dialogues, out }, settings, {
        say: (text) => said.push(text),
        signal: stop.signal,
        onProgress: ({ done }) => done > resumedFrom(said) && stop.abort(new Error("far enough")),
      });
      await assert.rejects(again, /far enough/);
      assert.ok(resumedFrom(said) > 0 && resumedFrom(said) < Infinity, said.join());
      assert.deepEqual(await processesIn(folder), [], "none is left");
    } finally {
      for (const pid of await processesIn(folder)) process.kill(Number(pid), "SIGKILL");
      await rm(home, { recursive: true, force: true });
    }
  },
);
