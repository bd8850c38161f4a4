import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { lockSetup } from "./setup-lock.js";

test("a setup waits while another process is at one, takes over when it is gone, and can be aborted", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-setup-"));
  const folder = join(home, "llamafactory");
  const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = once(other, "exit");
  try {
    await writeFile(`${folder}.lock`, String(other.pid));
    const abort = new AbortController();
    const aborted = lockSetup(folder, { signal: abort.signal, say: () => abort.abort(new Error("enough")) });
    await assert.rejects(aborted, /enough/);
    assert.equal(await readFile(`${folder}.lock`, "utf8"), String(other.pid));

    const said: string[] = [];
    const unlock = await lockSetup(folder, {
      say: (line) => {
        said.push(line);
        other.kill("SIGKILL");
      },
    });
    assert.deepEqual(said, [`waits for process ${other.pid}, which sets up LLaMA-Factory`]);
    assert.equal(await readFile(`${folder}.lock`, "utf8"), String(process.pid));
    await unlock();
    assert.deepEqual(await readdir(home), []);
  } finally {
    other.kill("SIGKILL");
    await gone;
    await rm(home, { recursive: true, force: true });
  }
});
