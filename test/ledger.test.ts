import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Message } from "../src/import/message.js";
import { kouwen } from "./kouwen.js";
import { message } from "./message.js";

const home = await mkdtemp(join(tmpdir(), "ledger-"));
after(() => rm(home, { recursive: true }));

const DAY = 86_400;

function exchange(day: number, answer: Partial<Message>): Message[] {
  return [
    message({ time: day * DAY, text: `how was day ${day}?` }),
    message({ time: day * DAY + 9, owner: true, text: `day ${day} was like this`, ...answer }),
  ];
}

const pasted = "it goes on and on ".repeat(40);
const MESSAGES = [
  ...Array.from({ length: 6 }, (_, day) => exchange(day, {})).flat(),
  ...exchange(10, { text: pasted }),
  ...exchange(11, { text: pasted }),
  ...exchange(12, { kind: "recalled", text: "[recalled]" }),
];
const LONG = MESSAGES[13]!.id;
const UNANSWERED = MESSAGES[12]!.id;
const RECALLED = MESSAGES[17]!.id;

before(async () => {
  await mkdir(join(home, "p"));
  await writeFile(join(home, "p", "kouwen.json"), JSON.stringify({ kouwen: 1 }));
  const lines = MESSAGES.map((one) => `${JSON.stringify(one)}\n`).join("");
  await writeFile(join(home, "p", "messages.jsonl"), lines);
});

const call = (...args: string[]) => kouwen(["dialogue", "--project", "p", ...args], home);

async function restored(): Promise<unknown> {
  const file = JSON.parse(await readFile(join(home, "p", "kouwen.json"), "utf8"));
  return file.settings.dialogue?.restore;
}

test("--ledger does the stage and shows rules, ids, what helps, and the sum; --ids lists one rule", async () => {
  const { stdout, code, stderr } = await call("--ledger");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^trailing-user: 3 messages left out\n {2}why {6}You did not answer/);
  assert.match(stdout, /\ntoo-long: 2 messages left out\n.*\n {2}back {5}--restore too-long\n/);
  assert.ok(stdout.endsWith("\n\n18 imported = 12 used + 6 left out\n"));
  assert.doesNotMatch(stdout, /on and on|how was/);
  const { ledger } = JSON.parse((await call("--ledger", "--json")).stdout);
  assert.deepEqual(ledger.sums, { messages: 18, used: 12, removed: 6, imported: null });
  assert.equal((await call("--ids", "recalled")).stdout, `${RECALLED}\n`);
});

test("--restore adds to what was restored, says what came back, and none takes it back", async () => {
  const one = await call("--restore", LONG);
  assert.equal(one.stdout, "1 message came back\n");
  const rule = await call("--restore", "too-long", "--restore", "repeat");
  assert.equal(rule.stdout, "1 message came back\n");
  assert.deepEqual(await restored(), [LONG, "too-long", "repeat"]);
  assert.match((await call("--ledger")).stdout, /18 imported = 16 used \+ 2 left out\n$/);
  assert.equal((await call("--restore", "none")).stdout, "4 messages are left out again\n");
  assert.equal((await call("--restore", "none")).stdout, "0 messages are left out again\n");
  assert.deepEqual(await restored(), []);
  assert.match((await call("--ledger")).stdout, /18 imported = 12 used \+ 6 left out\n$/);
});

test("what cannot be restored is refused in one line that says what would help", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["trailing-user"],
      /what trailing-user took cannot be restored\. You did not answer .* --gap-minutes joins/,
    ],
    [["group"], /what group took cannot be restored\. Said in a group.* --groups addressed takes/],
    [["private-mobile"], /--privacy off leaves all of it as it is\./],
    [
      ["pony"],
      /"pony" is neither an id nor a rule \(not-text, forwarded, .*\)\. See kouwen dialogue --ledger\./,
    ],
    [["0123456789abcdef"], /no message 0123456789abcdef is in the ledger\. kouwen dialogue --ids/],
    [[UNANSWERED], /cannot be restored \(trailing-user\)\. You did not answer/],
    [["none", "--restore", "repeat"], /"none" takes everything back, and stands alone/],
  ];
  for (const [args, error] of cases) {
    const { code, stderr, stdout } = await call("--restore", ...args);
    assert.deepEqual([code, stdout], [1, ""]);
    const [line, ...more] = stderr.replace(/^dialogue  .*\n/, "").split("\n");
    assert.match(line!, /^dialogue --restore: /);
    assert.match(line!, error);
    assert.deepEqual(more, [""]);
  }
  assert.deepEqual(await restored(), []);
  assert.match((await call("--ids", "pony")).stderr, /dialogue --ids: there is no rule "pony"/);
});
