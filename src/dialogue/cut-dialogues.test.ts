import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { dialogue as exported, folder, imported, root, withSystem } from "../../test/chat-exports.js";
import { MalformedInput } from "../errors.js";
import { readJsonLines } from "../files.js";
import { dialogue } from "./cut-dialogues.js";
import type { Dialogue, LedgerEntry } from "./dialogue.js";
import { dialogueSettings } from "./settings.js";

async function all<Value>(path: string): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of readJsonLines<Value>(path, "test")) values.push(value);
  return values;
}

test("imported chats become dialogues, a ledger and the person's numbers", async () => {
  const { out } = await imported(
    await folder({
      "June_train.json": [
        withSystem("You are Remy.", "hello", "hi", "how are you", "good thanks"),
        exported("only a question"),
        exported("x".repeat(600), "what was that"),
      ],
      "Hal_train.json": [exported("shift?", "done")],
    }),
  );
  const report = await dialogue({ messages: join(out, "messages.jsonl"), out }, dialogueSettings.parse({}));
  assert.deepEqual(report, {
    messages: { read: 10, used: 7, dropped: 3 },
    dropped: [
      {
        reason: "leading-assistant",
        messages: 1,
        why: "You opened the conversation: there is nothing that your message answers.",
      },
      {
        reason: "too-long",
        messages: 1,
        why: "The message is longer than a text message; it is likely pasted.",
      },
      {
        reason: "trailing-user",
        messages: 1,
        why: "You did not answer this message, or your answer was left out.",
      },
    ],
    quietened: 0,
    private: {
      policy: "stand-in",
      messages: 1,
      kinds: [{ kind: "name", found: 1, different: 1, messages: 1 }],
    },
    dialogues: { total: 2, train: 2, heldout: 0 },
    heldOutTarget: 0,
    rhythms: [],
    person: {
      replies: 3,
      medianReplyCharacters: 4,
      contacts: 2,
      perContact: [
        { contact: "June", dialogues: 1, replies: 2, share: 2 / 3 },
        { contact: "Hal", dialogues: 1, replies: 1, share: 1 / 3 },
      ],
    },
  });
  assert.deepEqual(JSON.parse(await readFile(join(out, "dialogue.json"), "utf8")), report);
  const dialogues = await all<Dialogue>(join(out, "dialogues.jsonl"));
  assert.deepEqual(
    dialogues.map(({ contact, system, turns }) => [contact, system, turns.length]),
    [
      ["Hal", null, 2],
      ["June", dialogues[1]!.system, 4],
    ],
  );
  assert.match(dialogues[1]!.system!, /^You are (?!Remy)[A-Z][a-z]+\.$/, "the owner's name is private too");
  const ledger = await all<LedgerEntry>(join(out, "ledger.jsonl"));
  assert.deepEqual(ledger.map(({ reason }) => reason).sort(), [
    "leading-assistant",
    "private-name",
    "too-long",
    "trailing-user",
  ]);
});

test("chats without one reply are an error with the reasons, and nothing is written", async () => {
  const out = join(root, "no-reply");
  const { out: source } = await imported(
    await folder({ "June.json": [exported("anyone"), exported("there")] }),
  );
  await mkdir(out);
  await writeFile(join(out, "dialogues.jsonl"), "earlier");
  await assert.rejects(
    dialogue({ messages: join(source, "messages.jsonl"), out }, dialogueSettings.parse({})),
    (error) =>
      error instanceof MalformedInput &&
      error.message ===
        "dialogue messages.jsonl: none of 2 messages is answered by the owner (2 trailing-user). Import chats in which you reply.",
  );
  assert.deepEqual(await readdir(out), ["dialogues.jsonl"]);
});

test("stopping rethrows the reason", async () => {
  const { out } = await imported(await folder({ "June.json": [exported("a", "b")] }));
  const reason = new Error("enough");
  await assert.rejects(
    dialogue({ messages: join(out, "messages.jsonl"), out }, dialogueSettings.parse({}), {
      signal: AbortSignal.abort(reason),
    }),
    reason,
  );
});
