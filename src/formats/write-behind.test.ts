import assert from "node:assert/strict";
import { test } from "node:test";
import { writeBehind } from "./write-behind.js";

test("writes one chunk at a time, in order, behind the next", async () => {
  const events: string[] = [];
  const sink = writeBehind({
    write: async (chunk) => {
      events.push(`begin ${chunk}`);
      await new Promise(setImmediate);
      events.push(`end ${chunk}`);
    },
  });
  await sink.write("a");
  events.push("made b");
  await sink.write("b");
  await sink.finish();
  assert.deepEqual(events, ["begin a", "made b", "end a", "begin b", "end b"]);
});

test("a failure shows at the next call, whichever it is", async () => {
  const full = new Error("full");
  for (const next of ["write", "finish"] as const) {
    const sink = writeBehind({ write: () => Promise.reject(full) });
    await sink.write("a");
    await new Promise(setImmediate);
    await assert.rejects(sink[next]("b"), full);
  }
});
