import assert from "node:assert/strict";
import { test } from "node:test";
import { hasLaughter } from "./laughter.js";

test("finds laughter in letters, and none in ordinary words and numbers", () => {
  for (const bubble of [
    "haha",
    "she left hahaha",
    "lol",
    "looool",
    "LMAO",
    "哈哈哈",
    "hhhh",
    "2333",
    "笑死我了",
    "ㅋㅋㅋ",
    "hehe",
  ]) {
    assert.ok(hasLaughter(bubble), bubble);
  }
  for (const bubble of [
    "ha",
    "he heard",
    "the hehe".slice(0, 5),
    "lollipop",
    "哈",
    "+8612333456",
    "withhold",
    "what",
  ]) {
    assert.ok(!hasLaughter(bubble), bubble);
  }
});
