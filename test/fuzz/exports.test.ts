import { test } from "node:test";
import { sources } from "../../src/import/sources/registry.js";
import { fuzz } from "./fuzz.js";

// A share of the 2,000 a format of `npm run soak`, with another seed; one more turn for zips.
test("50 damaged exports of each format: what is whole is read, and nothing crashes", () =>
  fuzz("quick", 50 * (sources.length + 1), "exports-main"));
