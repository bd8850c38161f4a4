import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { kouwen } from "./kouwen.js";

test("a second Ctrl-C ends the program at once, by the signal itself", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-stop-"));
  try {
    let sent = 0;
    const { code, stderr } = await kouwen(["serve", "--port", "0"], home, {
      // Work that does not end by itself, and something to let go of.
      preload:
        'data:text/javascript,setInterval(() => {}, 1e6);process.on("exit", () => process.stderr.write("let go"))',
      onError: (text, kill) => {
        const due = text.includes("Ctrl-C again to stop at once") ? 2 : text.includes("serving on") ? 1 : 0;
        if (sent >= due) return;
        sent = due;
        kill("SIGINT");
      },
    });
    assert.equal(sent, 2, stderr);
    assert.equal(code, null, "no exit code: ended by a signal");
    assert.ok(stderr.endsWith("let go"));
  } finally {
    await rm(home, { recursive: true });
  }
});
