import { test } from "node:test";
import { sources } from "../../src/import/sources/registry.js";
import { fuzz } from "./fuzz.js";

for (const id of [...sources.map((source) => source.id), "zip"]) {
  test(`2,000 damaged exports of ${id}: what is whole is read, and nothing crashes`, () =>
    fuzz("1", 2000, "exports-main", ["--source", id]));
}
