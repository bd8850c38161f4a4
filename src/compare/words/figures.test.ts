import assert from "node:assert/strict";
import { test } from "node:test";
import type { Effect } from "../comparison.js";
import { change, percent, readEffect, size } from "./figures.js";
import { wordsIn } from "./words.js";

const effect = (value: number, interval: [number, number] | null): Effect => ({
  from: "base",
  to: "f16",
  nllChange: { value, interval },
  lengthRatio: { from: 1, to: 1 },
  lengthGapClosed: null,
});

test("shares have a digit behind the point only where it says something", () => {
  assert.deepEqual([0, 0.004, 0.0995, 0.26, 0.999, 1].map(percent), [
    "0%",
    "0.4%",
    "10%",
    "26%",
    "100%",
    "100%",
  ]);
});

test("changes carry a sign, but nothing has none", () => {
  assert.deepEqual([-0.262, 0.013, 0, -0.00001].map(change), ["−26%", "+1.3%", "0%", "0%"]);
});

test("sizes in units of a thousand", () => {
  assert.deepEqual([590, 1_030_000_000, 88_200_000].map(size), ["590 B", "1.0 GB", "88 MB"]);
});

test("an effect is only said to go somewhere when its interval leaves out nothing", () => {
  const en = wordsIn("en");
  assert.match(
    readEffect(effect(-0.26, [-0.33, -0.19]), "tuning", en),
    /surprise your model 26% less .* 19% to 33%\)/,
  );
  assert.match(readEffect(effect(0.02, [0.01, 0.03]), "rounding", en), /2% more surprised \(.* 1% to 3%\)/);
  assert.match(
    readEffect(effect(0.01, [-0.01, 0.03]), "rounding", en),
    /no difference .*\(\+1%; .* −1% to \+3%\)/,
  );
  assert.match(readEffect(effect(-0.2, null), "tuning", en), /about as much .*too few chats/);
  assert.match(
    readEffect(effect(-0.26, [-0.33, -0.19]), "tuning", wordsIn("zh")),
    /比原版模型低 26%.*19% 到 33%/,
  );
});
