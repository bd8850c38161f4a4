import assert from "node:assert/strict";
import { test } from "node:test";
import { sideBySide } from "./side-by-side.js";

test("runs every item, never more than the width at a time", async () => {
  let busy = 0;
  let most = 0;
  const done: number[] = [];
  await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    busy += 1;
    most = Math.max(most, busy);
    await Promise.resolve();
    busy -= 1;
    done.push(item);
  });
  assert.deepEqual(
    done.sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.equal(most, 3);
});

test("a failure is thrown after what is under way, and nothing more is started", async () => {
  const started: number[] = [];
  let finished = 0;
  const run = sideBySide([1, 2, 3, 4, 5, 6], 2, async (item) => {
    started.push(item);
    await Promise.resolve();
    if (item === 1) throw new Error("no");
    finished += 1;
  });
  await assert.rejects(run, /no/);
  assert.ok(started.length <= 3, String(started));
  assert.equal(finished, started.length - 1);
});
