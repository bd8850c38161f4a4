import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerEntry } from "./dialogue.js";
import { formatLedger } from "./format-ledger.js";
import { REASONS } from "./reasons.js";
import { isRestorable, whyFixed } from "./restore.js";
import { summariseLedger } from "./summarise-ledger.js";

const LEDGER: LedgerEntry[] = [
  { reason: "trailing-user", messageIds: ["a1", "a2"], contact: "June" },
  { reason: "repeat", messageIds: ["b1", "b2", "b3"], contact: "June" },
  { reason: "repeat", messageIds: ["c1"], contact: "Ada" },
  { reason: "private-mobile", messageIds: ["d1"], contact: "Ada", changed: true },
  { reason: "frequent-reply", messageIds: ["d1", "d2"], contact: "Ada", changed: true },
  { reason: "frequent-reply", messageIds: ["d1", "d2"], contact: "Ada", changed: true },
];

const COUNTS = { read: 10, used: 4, dropped: 6 };
const IMPORTED = {
  read: 15,
  messages: 10,
  duplicates: { messages: 2 },
  notSampled: { messages: 0 },
  forgotten: { messages: 3 },
};

async function* rows(entries: LedgerEntry[]) {
  yield* entries;
}

test("rules come by messages, those that change last; a rule about dialogues counts these too", async () => {
  const { rules } = await summariseLedger(rows(LEDGER), COUNTS, IMPORTED);
  assert.deepEqual(
    rules.map(({ rule, messages, dialogues, changed }) => [rule, messages, dialogues, changed]),
    [
      ["repeat", 4, 2, false],
      ["trailing-user", 2, null, false],
      ["frequent-reply", 2, 2, true],
      ["private-mobile", 1, null, true],
    ],
  );
  assert.equal(rules[0]!.restore, "--restore repeat");
  assert.match(rules[1]!.restore, /--gap-minutes/);
});

test("the text holds ids and sentences, no names, and ends with the sum", async () => {
  const text = formatLedger(await summariseLedger(rows(LEDGER), COUNTS, IMPORTED));
  assert.match(text, /^repeat: 4 messages \(2 dialogues\) left out\n {2}why {6}Another dialogue/);
  assert.ok(text.endsWith("\n\n15 read = 4 used + 6 left out + 2 merged at import + 3 forgotten"));
  assert.doesNotMatch(text, /June|Ada/);
});

test("an import.json of other messages says nothing; numbers that do not add up are our mistake", async () => {
  const other = await summariseLedger(rows(LEDGER), COUNTS, { ...IMPORTED, messages: 11 });
  assert.ok(formatLedger(other).endsWith("10 imported = 4 used + 6 left out"));
  await assert.rejects(
    summariseLedger(rows(LEDGER), { ...COUNTS, used: 5 }, IMPORTED),
    /^Error: internal: of 10/,
  );
  await assert.rejects(
    summariseLedger(rows(LEDGER), COUNTS, { ...IMPORTED, read: 16 }),
    /^Error: internal: of 16/,
  );
});

test("every rule of the ledger can be restored or says what helps instead", () => {
  for (const rule of Object.keys(REASONS)) {
    assert.equal(isRestorable(rule), whyFixed(rule) === null, rule);
    assert.match(whyFixed(rule) ?? REASONS[rule as keyof typeof REASONS], /[.]$/);
  }
  assert.match(whyFixed("private-mobile")!, /--privacy off/);
});
