import { test } from "node:test";
import { sources } from "../../src/import/sources/registry.js";
import { fuzz } from "./fuzz.js";

const FILES = 2000;

/** Formats by the exporter, which is the first word of their ids: they share most of their code. */
const families = new Map<string, string[]>([["zip", ["zip"]]]);
for (const { id } of sources) {
  const family = id.split("-")[0]!;
  families.set(family, [...(families.get(family) ?? []), id]);
}

for (const [family, ids] of families) {
  test(`2,000 damaged exports of ${family}: what is whole is read, and nothing crashes`, async () => {
    const each = Math.ceil(FILES / ids.length);
    for (const id of ids) await fuzz("1", each, "exports-main", ["--source", id]);
  });
}
