import assert from "node:assert/strict";
import { test } from "node:test";
import { hasAssistantPhrase, hasLeak } from "./leak.js";

test("marks of templates, roles and thinking leak; angle brackets and hearts do not", () => {
  for (const reply of [
    "<think>",
    "ok</think>",
    "hi<|im_end|>",
    "<｜User｜>yo",
    "[INST] a",
    "fine\nuser: and you",
    "助手：好的",
  ]) {
    assert.ok(hasLeak(reply), reply);
  }
  for (const reply of ["a < b and c > d", "<3", "i think so", "the user: me", "<|>"])
    assert.ok(!hasLeak(reply), reply);
});

test("assistants give themselves away", () => {
  for (const reply of [
    "As an AI, I cannot",
    "I'm just a language model",
    "How can I help you today?",
    "作为一个AI助手",
    "有什么可以帮您的吗",
    "Feel free to reach out",
  ]) {
    assert.ok(hasAssistantPhrase(reply), reply);
  }
  for (const reply of ["can u help me", "as an aid", "作为一个朋友", "im here", "帮我带杯咖啡"]) {
    assert.ok(!hasAssistantPhrase(reply), reply);
  }
});
