import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { awaitLeftTraining, forgetProcess, noteProcess } from "./left-training.js";

test("a training that a killed Kouwen left is waited for, and one from before a restart of the machine is not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-left-"));
  const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = once(other, "exit");
  try {
    await awaitLeftTraining(folder, { say: assert.fail });
    await noteProcess(folder, other.pid!);
    await utimes(join(folder, "process"), 0, 0);
    await awaitLeftTraining(folder, { say: assert.fail });

    await noteProcess(folder, other.pid!);
    const abort = new AbortController();
    const aborted = awaitLeftTraining(folder, {
      signal: abort.signal,
      say: () => abort.abort(new Error("enough")),
    });
    await assert.rejects(aborted, /enough/);

    const said: string[] = [];
    await awaitLeftTraining(folder, {
      say: (line) => {
        said.push(line);
        other.kill("SIGKILL");
      },
    });
    assert.deepEqual(said, [`waits for process ${other.pid}, which saves a training that was cut off`]);
    await gone;
    await awaitLeftTraining(folder, { say: assert.fail });
    await forgetProcess(folder);
  } finally {
    other.kill("SIGKILL");
    await gone;
    await rm(folder, { recursive: true, force: true });
  }
});
