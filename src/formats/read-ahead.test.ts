import assert from "node:assert/strict";
import { test } from "node:test";
import { readAhead } from "./read-ahead.js";

test("gives what was read in order, whichever is done first, with two more being read", async () => {
  const ends = new Map<number, () => void>();
  const read = (item: number) => new Promise<number>((resolve) => ends.set(item, () => resolve(item)));
  const values = readAhead([0, 1, 2, 3, 4], 1, read);
  for (let item = 0; item < 5; item += 1) {
    const next = values.next();
    ends.get(Math.min(item + 1, 4))!();
    ends.get(item)!();
    assert.equal((await next).value, item);
    assert.equal(ends.size, Math.min(item + 3, 5));
  }
  assert.equal((await values.next()).done, true);
});

test("leaves a value as it is until three more have been asked for", async () => {
  const items = Array.from({ length: 50 }, (_, item) => item);
  const seen: Uint8Array[] = [];
  for await (const value of readAhead(items, 3, async (item, memory) => memory.fill(item))) {
    seen.push(value);
    const last = seen.length - 1;
    assert.deepEqual([...value], [last, last, last]);
    for (const before of [last - 1, last - 2]) if (before >= 0) assert.equal(seen[before]![0], before);
  }
  assert.equal(seen.length, 50);
  assert.equal(new Set(seen).size, 5);
});

test("a failed read fails in its turn, and the others are waited for", async () => {
  const ended: number[] = [];
  const read = async (item: number) => {
    await new Promise(setImmediate);
    ended.push(item);
    if (item === 1) throw new Error("broken");
    return item;
  };
  const values = readAhead([0, 1, 2, 3, 4], 1, read);
  assert.equal((await values.next()).value, 0);
  await assert.rejects(values.next(), /^Error: broken/);
  assert.deepEqual(ended, [0, 1, 2]);
  assert.equal((await values.next()).done, true);
});
