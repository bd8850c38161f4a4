import assert from "node:assert/strict";
import { test } from "node:test";
import { peek } from "./peek.js";

test("what was looked at comes again, and then the rest", async () => {
  for (const count of [0, 1, 3, 9]) {
    const { first, all } = await peek(numbers(), count);
    assert.deepEqual(first, [1, 2, 3, 4].slice(0, count));
    assert.deepEqual(await listOf(all), [1, 2, 3, 4]);
  }
});

test("who stops early closes the stream", async () => {
  closed = false;
  const { all } = await peek(numbers(), 1);
  for await (const number of all) if (number === 2) break;
  assert.equal(closed, true);
});

let closed = false;

async function* numbers(): AsyncIterable<number> {
  try {
    yield* [1, 2, 3, 4];
  } finally {
    closed = true;
  }
}

async function listOf(stream: AsyncIterable<number>): Promise<number[]> {
  const list: number[] = [];
  for await (const number of stream) list.push(number);
  return list;
}
