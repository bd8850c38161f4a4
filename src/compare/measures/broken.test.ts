import assert from "node:assert/strict";
import { test } from "node:test";
import { breakages } from "./broken.js";
import type { Script } from "./script.js";

const latin = new Set<Script>(["Latin"]);

test("a sound reply is not broken", () => {
  assert.deepEqual(breakages("yeah be there at 7", false, latin), []);
});

test("a reply can be broken in several ways", () => {
  assert.deepEqual(breakages("  \n", false, latin), ["empty"]);
  assert.deepEqual(breakages("<think> as an AI, so, as an AI, so, as an AI, so", true, latin), [
    "leak",
    "repeatedTrigram",
    "longRepeat",
    "assistantPhrase",
    "tokenLimit",
  ]);
  assert.deepEqual(breakages("我不知道怎么说", false, latin), ["wrongScript"]);
});
