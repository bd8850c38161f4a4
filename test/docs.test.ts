import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
