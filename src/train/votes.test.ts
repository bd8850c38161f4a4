import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeVote } from "./vote-samples.js";
import { checkVotes, readVotes, type Vote } from "./votes.js";

const MESSAGES = [
  { role: "system", content: "You are Remy." },
  { role: "user", content: "late?" },
  { role: "assistant", content: "bit" },
  { role: "user", content: "how long" },
];

function heldOut(votes: readonly Vote[]): (string | null)[] {
  return votes.filter((vote) => vote.heldOut).map(({ good }) => good);
}

/** A token a letter. */
function encode({ turns }: { turns: Vote["turns"] }): { ids: number[]; weights: number[] } {
  return {
    ids: turns.flatMap(({ text }) => [...text].map((letter) => letter.codePointAt(0)!)),
    weights: turns.flatMap(({ text, weight }) => [...text].map(() => weight)),
  };
}

async function read(lines: readonly unknown[]): Promise<Vote[]> {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-votes-"));
  const path = join(folder, "votes.jsonl");
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join("\n"));
  return readVotes(path).finally(() => rm(folder, { recursive: true, force: true }));
}

test("a pair gives a good and a bad reply, a single vote one of them", async () => {
  const [pair, thumb, down] = await read([
    { messages: MESSAGES, chosen: "ten min", rejected: "I shall be there shortly." },
    { messages: MESSAGES.slice(1), reply: "ten", good: true },
    { messages: MESSAGES.slice(1), reply: "Certainly!", good: false },
  ]);
  assert.deepEqual([pair!.good, pair!.bad], ["ten min", "I shall be there shortly."]);
  assert.equal(pair!.system, "You are Remy.");
  assert.deepEqual(
    pair!.turns.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.deepEqual([thumb!.system, thumb!.good, thumb!.bad], [null, "ten", null]);
  assert.deepEqual([down!.good, down!.bad], [null, "Certainly!"]);
});

test("about one in ten is held out, whatever lies beside it", async () => {
  const all = Array.from({ length: 400 }, (_, at) => {
    return { messages: MESSAGES.slice(1), chosen: `yes ${at}`, rejected: "no" };
  });
  const whole = heldOut(await read(all));
  assert.ok(whole.length > 20 && whole.length < 60, `${whole.length}`);
  assert.deepEqual(
    heldOut(await read(all.slice(200))),
    heldOut(await read(all)).filter((good) => Number(good!.split(" ")[1]) >= 200),
  );
});

test("a line that is no vote is refused by its number and not quoted", async () => {
  const good = { messages: MESSAGES, chosen: "secret", rejected: "other" };
  const broken: [unknown, RegExp][] = [
    [{ ...good, messages: MESSAGES.slice(0, 3) }, /messages do not alternate from user to user/],
    [{ ...good, messages: MESSAGES.slice(2) }, /messages do not alternate/],
    [{ ...good, messages: [] }, /messages do not alternate/],
    [{ ...good, chosen: " " }, /chosen: empty/],
    [{ ...good, rejected: "secret " }, /chosen and rejected are the same/],
    [{ ...good, good: true }, /neither chosen and rejected nor reply and good/],
    [{ messages: MESSAGES, reply: "secret" }, /neither chosen and rejected nor reply and good/],
    [{ ...good, "secret\nwords": 1 }, /a key that votes and messages do not have/],
    [["secret"], /expected object/],
    [null, /expected object/],
  ];
  for (const [line, why] of broken) {
    await assert.rejects(read([good, line]), (error: Error) => {
      assert.match(error.message, /^train votes\.jsonl:3: /);
      assert.match(error.message, why);
      assert.ok(!/secret|[\n]/.test(error.message), error.message);
      return true;
    });
  }
});

test("a file that is not there, or a folder, is said to be so", async () => {
  await assert.rejects(readVotes(join(tmpdir(), "kouwen-no-votes.jsonl")), {
    message: "train --votes: kouwen-no-votes.jsonl is not there. Name a file with a vote a line.",
  });
  await assert.rejects(readVotes(tmpdir()), /^Unavailable: train --votes: \S+ is no file\./);
});

test("too few votes, and votes of one kind, are refused", async () => {
  const [pair] = await read([{ messages: MESSAGES, chosen: "a", rejected: "b" }]);
  const vote = { ...pair!, heldOut: false };
  const many = Array.from({ length: 50 }, () => vote);
  checkVotes(many, "dpo", false);
  checkVotes(many, "kto", false);
  assert.throws(() => checkVotes(many.slice(1), "dpo", false), /--votes: 49 pairs .* \(at least 50\)/);
  checkVotes(many.slice(1), "dpo", true);
  const praise = many.map((one) => ({ ...one, bad: null }));
  assert.throws(() => checkVotes(praise, "dpo", true), /0 pairs/);
  assert.throws(() => checkVotes(praise, "kto", true), /50 good replies and 0 bad ones/);
  assert.throws(() => checkVotes([{ ...vote, heldOut: true }], "kto", true), /0 votes/);
});

test("a conversation that is too long loses its oldest exchanges, and both replies follow the same rest", async () => {
  const [vote] = await read([{ messages: MESSAGES, chosen: "ten", rejected: "ten minutes or so" }]);
  const whole = encodeVote(vote!, encode, 33)!;
  assert.equal(whole.vote.turns.length, 3);
  const cut = encodeVote(vote!, encode, 32)!;
  assert.equal(cut.vote.turns.length, 1);
  assert.deepEqual([cut.good!.ids.length, cut.bad!.ids.length], [11, 25]);
  assert.deepEqual([...cut.good!.weights], [...Array(8).fill(0), 1, 1, 1]);
  assert.equal(encodeVote(vote!, encode, 24), null);
});
