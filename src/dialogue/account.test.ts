import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedInput } from "../errors.js";
import { checkAccount } from "./account.js";

const messages = ["a", "b", "c"].map((id) => ({ id }));

test("each message is in a dialogue or in the ledger; in several dialogues it counts once", () => {
  checkAccount(messages, [["a", "b"], ["a"]], [{ messageIds: ["c"] }]);
});

test("one that is nowhere, in both, twice in the ledger or never imported is our mistake", () => {
  assert.throws(
    () => checkAccount(messages, [["a"]], [{ messageIds: ["c"] }]),
    /^Error: internal: 3 messages/,
  );
  assert.throws(
    () => checkAccount(messages, [["a", "b", "c"]], [{ messageIds: ["c"] }]),
    /^Error: internal: message c/,
  );
  assert.throws(
    () => checkAccount(messages, [["a"]], [{ messageIds: ["b", "c", "b"] }]),
    /^Error: internal: message b/,
  );
  assert.throws(() => checkAccount(messages, [["a", "b", "c", "d"]], []), /^Error: internal: 3 messages/);
});

test("ids that occur twice are a broken file", () => {
  assert.throws(
    () => checkAccount([...messages, { id: "a" }], [], []),
    (error) =>
      error instanceof MalformedInput &&
      error.message ===
        "dialogue messages.jsonl: 1 messages have the id of another. Import again with --fresh.",
  );
});
