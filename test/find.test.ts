import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { kouwen } from "./kouwen.js";
import { message } from "./message.js";

const home = await mkdtemp(join(tmpdir(), "find-"));
after(() => rm(home, { recursive: true }));

const MESSAGES = [
  message({ id: "0a", text: "lunch today?", time: 1714550400 }),
  message({ id: "0b", text: "lunch\nat noon", time: 1714550460, owner: true }),
  message({ id: "0c", text: "\u001b[31mlunch\u001b[0m 13800138000", time: 1714550520 }),
  message({ id: "0d", text: "no lunch", time: 1714550580, contact: "Mum" }),
];

const LEDGER = [
  { reason: "trailing-user", messageIds: ["0d"], contact: "Mum" },
  { reason: "private-mobile", messageIds: ["0c"], contact: "June", changed: true },
];

async function project(name: string, files: Record<string, unknown[]>): Promise<string> {
  const folder = join(home, name);
  await mkdir(folder);
  await writeFile(join(folder, "kouwen.json"), JSON.stringify({ kouwen: 1 }));
  for (const [file, values] of Object.entries(files))
    await writeFile(join(folder, file), values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  return folder;
}

test("find shows the newest matches, and what became of each", async () => {
  await project("chats", { "messages.jsonl": MESSAGES, "ledger.jsonl": LEDGER });
  const call = (...args: string[]) =>
    kouwen(["find", "lunch", "--project", "chats", ...args], home, { env: { TZ: "UTC" } });
  const { stdout, code } = await call("--limit", "3");
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `2024-05-01 08:03  Mum · June: no lunch
  0d  left out: trailing-user
2024-05-01 08:02  June · June: [31mlunch[0m 13800138000
  0c  in a dialogue, changed: private-mobile
2024-05-01 08:01  June · Remy: lunch ⏎ at noon
  0b  in a dialogue

trailing-user: You did not answer this message, or your answer was left out.
3 of 4 matches; --limit shows more
`,
  );
  const json = JSON.parse((await call("--contact", "mum", "--json")).stdout) as Record<string, unknown>;
  assert.equal(json["matches"], 1);
  assert.deepEqual(json["found"], [
    {
      id: "0d",
      time: 1714550580,
      contact: "Mum",
      sender: "June",
      owner: false,
      kind: "text",
      text: "no lunch",
      used: false,
      reason: "trailing-user",
      changed: [],
    },
  ]);
  assert.deepEqual((await readdir(join(home, "chats"))).sort(), [
    "kouwen.json",
    "ledger.jsonl",
    "messages.jsonl",
    "messages.sqlite",
  ]);
});

test("a ledger of other messages says nothing", async () => {
  const folder = await project("newer", { "messages.jsonl": MESSAGES, "ledger.jsonl": LEDGER });
  await utimes(join(folder, "ledger.jsonl"), 1, 1);
  const { stdout } = await kouwen(["find", "no lunch", "--project", "newer"], home);
  assert.match(stdout, /0d {2}no dialogues have been made of these messages/);
});

test("find says in one line what is wrong", async () => {
  await project("empty", {});
  await project("few", { "messages.jsonl": MESSAGES });
  const cases: [string[], RegExp][] = [
    [
      ["find", "a", "--project", "empty"],
      /^find messages\.jsonl: nothing has been imported\. Start with kouwen import\.\n$/,
    ],
    [["find", "--project", "few"], /^find .*See kouwen find --help\.\n$/],
    [["find", " ", "--project", "few"], /find words: nothing to look for/],
    [["find", "a", "--limit", "0", "--project", "few"], /find --limit: 0 \(a whole number from 1 to 10000\)/],
    [["find", "a", "--contact", "Ann", "--project", "few"], /no contact's name holds "Ann" \(2 contacts/],
  ];
  for (const [args, error] of cases) {
    const { code, stderr, stdout } = await kouwen(args, home);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr.replace(/^.*\r/gm, ""), error);
  }
});
