import { test } from "node:test";
import { fuzz } from "./fuzz.js";

// Ten seeds, so that one that fails is found in a minute.
for (let seed = 1; seed <= 10; seed += 1) {
  test(`1,000 damaged files, seed ${seed}: each is read or refused with one clear error`, () =>
    fuzz(String(seed), 1000));
}

test("1,000 damaged GGUF files given to llama.cpp: none ends the process", () =>
  fuzz("1", 1000, "load-main"));
