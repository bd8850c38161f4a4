import assert from "node:assert/strict";
import { test } from "node:test";
import { writeBehind } from "./write-behind.js";

test("writes two chunks at a time, in order, behind the next", async () => {
  const events: string[] = [];
  const sink = writeBehind({
    write: async (chunk) => {
      events.push(`begin ${String(chunk)}`);
      await new Promise(setImmediate);
      events.push(`end ${String(chunk)}`);
    },
  });
  await sink.write("a");
  await sink.write("b");
  events.push("made c");
  await sink.write("c");
  await sink.finish();
  const places = ["begin a", "begin b", "made c", "end a", "begin c", "end c"].map((e) => events.indexOf(e));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.equal(events.length, 7);
});

test("a failure shows at a later call, whichever it is", async () => {
  const full = new Error("full");
  const failing = () => writeBehind({ write: () => Promise.reject(full) });
  const finished = failing();
  await finished.write("a");
  await assert.rejects(finished.finish(), full);
  const goingOn = failing();
  await goingOn.write("a");
  await goingOn.write("b");
  await new Promise(setImmediate);
  await assert.rejects(goingOn.write("c"), full);
});
