import assert from "node:assert/strict";
import { test } from "node:test";
import { LimitExceeded } from "../errors.js";
import { checkData } from "./check-data.js";
import { makeSamples } from "./sample.js";

const { counts: none } = makeSamples([], () => ({ ids: [], weights: [] }), 8);
const withReplies = (replies: number) => ({ ...none, replies });

test("under 50 replies are refused unless forced, none at all always", () => {
  assert.throws(() => checkData(withReplies(49), withReplies(5), false), LimitExceeded);
  assert.equal(checkData(withReplies(49), withReplies(5), true).length, 1);
  assert.throws(() => checkData(none, none, true), LimitExceeded);
});

test("under 1000 replies, none held out and replies that are too long are said", () => {
  assert.deepEqual(checkData(withReplies(1000), withReplies(100), false), []);
  assert.match(checkData(withReplies(999), withReplies(100), false).join(), /^Only 999 replies/);
  assert.match(checkData(withReplies(1000), none, false).join(), /^No reply is held out/);
  const long = { ...withReplies(1000), tooLongReplies: 3 };
  assert.match(checkData(long, withReplies(100), false).join(), /^3 replies are too long/);
});
