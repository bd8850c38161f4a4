import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../test/message.js";
import { checkAccount } from "./account.js";

const [a, b, c] = [message(), message(), message()];
const all = [a, b, c];

test("each message is in a dialogue or left out; in several dialogues it counts once", () => {
  assert.equal(checkAccount(all, [{ messages: [a, b] }, { messages: [a] }], [{ messages: [c] }]), 2);
});

test("one that is nowhere, in both, left out twice or never imported is our mistake", () => {
  assert.throws(
    () => checkAccount(all, [{ messages: [a] }], [{ messages: [c] }]),
    /^Error: internal: of 3 messages 2 are/,
  );
  assert.throws(() => checkAccount(all, [{ messages: all }], [{ messages: [c] }]), /is in a dialogue too$/);
  assert.throws(() => checkAccount(all, [], [{ messages: all }, { messages: [b] }]), /left out twice/);
  assert.throws(() => checkAccount(all, [{ messages: [...all, message()] }], []), /never imported$/);
});
