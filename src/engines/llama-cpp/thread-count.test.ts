import assert from "node:assert/strict";
import { it } from "node:test";
import { ThreadCount } from "./thread-count.js";

it("uses all threads while the processors are its own", () => {
  const threads = new ThreadCount(8);
  for (let now = 0; now < 1000; now += 100) {
    assert.equal(threads.at(now), 8);
    threads.observe(100, 780, now + 100);
  }
});

it("gives way to other programs, tries again, and waits longer each time", () => {
  const threads = new ThreadCount(8);
  threads.observe(100, 390, 100);
  assert.equal(threads.at(100), 3);
  threads.observe(100, 300, 200);
  assert.equal(threads.at(10_099), 3);
  assert.equal(threads.at(10_100), 8);
  threads.observe(60, 30, 10_160);
  assert.equal(threads.at(30_159), 1);
  assert.equal(threads.at(30_160), 8);
  threads.observe(60, 480, 30_220);
  assert.equal(threads.at(30_220), 8);
});

it("judges by stretches long enough to be measured", () => {
  const threads = new ThreadCount(2);
  threads.observe(20, 0, 20);
  threads.observe(20, 0, 40);
  assert.equal(threads.at(40), 2);
  threads.observe(20, 100, 60);
  assert.equal(threads.at(60), 2);
});

it("never falls below one thread", () => {
  const threads = new ThreadCount(1);
  threads.observe(100, 10, 100);
  assert.equal(threads.at(100), 1);
});
