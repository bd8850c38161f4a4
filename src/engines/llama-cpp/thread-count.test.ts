import assert from "node:assert/strict";
import { it } from "node:test";
import { type ProcessorTime, readProcessorTime, ThreadCount } from "./thread-count.js";

/** A machine whose processors' time is told by hand. */
function machine(full: number) {
  const time: ProcessorTime = { atMs: 0, idleMs: 5000, ownMs: 700 };
  const threads = new ThreadCount(full, () => ({ ...time }));
  const pass = (ms: number, processors: { idle: number; own: number }) => {
    time.atMs += ms;
    time.idleMs += ms * processors.idle;
    time.ownMs += ms * processors.own;
    return threads.at(time.atMs);
  };
  return { threads, pass, time };
}

it("uses all threads that are worth it while no other program computes", () => {
  const { threads, pass } = machine(8);
  assert.equal(threads.at(0), 8);
  assert.equal(pass(300, { idle: 16, own: 0 }), 8);
  assert.equal(pass(300, { idle: 8, own: 7.8 }), 8);
});

it("leaves other programs their processors, and takes them when they are free", () => {
  const { pass } = machine(8);
  assert.equal(pass(300, { idle: 0, own: 6.5 }), 6);
  assert.equal(pass(300, { idle: 1, own: 6 }), 7);
  assert.equal(pass(300, { idle: 1.8, own: 6 }), 8);
});

it("never falls below one thread, nor judges a moment too short to measure", () => {
  const { pass } = machine(2);
  assert.equal(pass(100, { idle: 0, own: 0 }), 2);
  assert.equal(pass(100, { idle: 0, own: 0 }), 1);
  assert.equal(pass(100, { idle: 1, own: 1 }), 1);
  assert.equal(pass(100, { idle: 1, own: 1 }), 2);
});

it("judges others by what they do while we compute, not while we rest", () => {
  const { threads, pass, time } = machine(2);
  pass(300, { idle: 0, own: 1 });
  assert.equal(pass(300, { idle: 1, own: 1 }), 2);
  threads.rest(time.atMs);
  assert.equal(pass(5000, { idle: 0, own: 0 }), 2);
  assert.equal(pass(100, { idle: 0, own: 0 }), 2);
  assert.equal(pass(150, { idle: 0, own: 0 }), 1);
  threads.rest(time.atMs);
  assert.equal(pass(10, { idle: 1, own: 1 }), 1);
  assert.equal(pass(300, { idle: 1, own: 1 }), 2);
});

it("reads times that only grow", () => {
  const before = readProcessorTime();
  const after = readProcessorTime();
  for (const key of ["atMs", "idleMs", "ownMs"] as const)
    assert.ok(after[key] >= before[key] && before[key] > 0, key);
});
