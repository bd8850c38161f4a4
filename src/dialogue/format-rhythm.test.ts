import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../test/message.js";
import { describeRhythm } from "./describe-rhythm.js";
import { formatRhythms } from "./format-rhythm.js";
import { learnRhythm } from "./rhythm.js";

test("bars over a doubling axis of time, and a mark under each limit", () => {
  // 64 gaps of a minute, 16 of an hour, 4 of a week; the owner writes twice in a row, a second apart.
  const gaps = [...Array.from({ length: 64 }, () => 60), ...Array.from({ length: 16 }, () => 3600), 1];
  let time = 0;
  const messages = [0, ...gaps].map((gap, at) => message({ time: (time += gap), owner: at > 79 }));
  const rhythm = learnRhythm({ contact: "June", timed: true, messages }, { gapMinutes: 10, burstMinutes: 0 });
  assert.equal(
    formatRhythms([describeRhythm(rhythm)]),
    [
      "June: 81 gaps",
      "  all  ▂          █           ▅",
      "                         ^ a dialogue ends after 10 min (as set)",
      "  own  █",
      "                    ^ a reply ends after 2 min (too few gaps to learn from)",
      "       1s    10s  1m     10m  1h   6h  1d    1w",
    ].join("\n"),
  );
});

test("chats without times say so", () => {
  assert.match(formatRhythms([]), /no times/);
});
