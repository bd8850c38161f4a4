import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { REASONS } from "../src/dialogue/reasons.js";
import { RESTORABLE } from "../src/dialogue/restore.js";
import { sources } from "../src/import/sources/registry.js";
import { packageRoot } from "../src/project/paths.js";

const page = (name: string) => readFileSync(join(packageRoot, "docs", name), "utf8");

/** A row for a format: its label, its id, and how it is told. */
const ROW = /^\| ([^|`]+) \| `([\w-]+)` \| [^|]+ \|$/gm;

for (const name of ["import.md", "import.zh.md"]) {
  test(`${name} has a row for every format that can be read, and for no other`, () => {
    const rows = [...page(name).matchAll(ROW)].map(([, label, id]) => `${id}: ${label}`);
    assert.deepEqual(rows.sort(), sources.map(({ id, label }) => `${id}: ${label}`).sort());
    const losing = [...page(name).matchAll(/^\| (`[^|]+`) \| [^|`]+ \|$/gm)].flatMap(([, ids]) =>
      [...ids!.matchAll(/`([^`]+)`/g)].map(([, id]) => id!),
    );
    assert.ok(losing.length > 10);
    for (const id of losing)
      assert.ok(
        sources.some((source) => source.id === id),
        id,
      );
  });
}

for (const name of ["dialogue.md", "dialogue.zh.md"]) {
  test(`${name} names every rule that can be restored, and no rule that does not exist`, () => {
    const listed = page(name)
      .split("\n")
      .find((line) => line.startsWith("`not-text` "))!;
    assert.deepEqual(
      [...listed.matchAll(/`([^`]+)`/g)].map(([, rule]) => rule),
      [...RESTORABLE],
    );
    const rules = [...page(name).matchAll(/^\| `([a-z-]+)` \| [^|]+ \| [^|]*\|$/gm)].map(([, rule]) => rule!);
    assert.ok(rules.length >= 6);
    for (const rule of rules) assert.ok(rule in REASONS, rule);
  });
}

const PAGES = [
  "README.md",
  ...readdirSync(join(packageRoot, "docs"))
    .filter((name) => name.endsWith(".md") && !name.endsWith(".zh.md"))
    .map((name) => join("docs", name)),
];

function read(path: string): string {
  return readFileSync(join(packageRoot, path), "utf8");
}

/** How many rows a page's tables have. */
function rows(text: string): number | undefined {
  return text.match(/^\|/gm)?.length;
}

/** The commands of a page, without the remarks behind them. */
function commands(text: string): string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) =>
    block!.split("\n").map((line) => line.replace(/ +#.*/, "")),
  );
}

/** What a page names of the program: commands, flags, files, settings. */
function named(text: string, what: RegExp): string[] {
  return [...new Set([...text.matchAll(what)].map(([word]) => word))].sort();
}

for (const path of PAGES) {
  const chinese = path.replace(/\.md$/, ".zh.md");

  test(`${path} and its Chinese page have the same commands, flags and tables, and lead to each other`, () => {
    const [english, other] = [read(path), read(chinese)];
    assert.deepEqual(commands(other), commands(english));
    for (const what of [
      /--[a-z][a-z-]+/g,
      /\b[a-z_-]+\.(json|jsonl|html|gguf|yaml|py)\b/g,
      /\b[A-Z]+_[A-Z_]+\b/g,
    ])
      assert.deepEqual(named(other, what), named(english, what));
    assert.equal(rows(other), rows(english));
    assert.match(english.split("\n")[2]!, /^\[中文\]\(\S+\.zh\.md\)$/);
    assert.match(other.split("\n")[2]!, /^\[English\]\(\S+\.md\)$/);
  });

  test(`what ${path} and its Chinese page link to is there`, () => {
    for (const name of [path, chinese]) {
      for (const [, target] of read(name).matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(packageRoot, dirname(name), target!)), `${name}: ${target}`);
    }
  });
}
