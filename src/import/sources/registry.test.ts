import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { exampleExport } from "../../../test/example-export.js";
import { memoryFile } from "../../../test/read-source.js";
import { packageRoot } from "../../project/paths.js";
import { readHead } from "../find-files.js";
import { recognise, sources } from "./registry.js";

const files = readdirSync(join(packageRoot, "test", "exports"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".zip"))
  .map((entry) => join(entry.parentPath, entry.name).split(`${sep}exports${sep}`)[1]!.split(sep));

test("every example is read by the format whose name its folder has, or belongs to it", async () => {
  let recognised = 0;
  for (const [id = "", ...path] of files) {
    const source = sources.find((one) => one.id === id);
    // A table of any make is read on a person's word.
    if (!source || id === "plain-csv") continue;
    const head = await readHead(memoryFile(exampleExport(id, path.join("/"))));
    if (source.isCompanion?.(head)) continue;
    assert.equal(recognise(head)?.id, id, path.join("/"));
    recognised += 1;
  }
  assert.ok(recognised > 30, "the examples were found");
});

test("formats have ids of their own", () => {
  assert.equal(new Set(sources.map(({ id }) => id)).size, sources.length);
});
