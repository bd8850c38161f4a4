import assert from "node:assert/strict";
import { test } from "node:test";
import { nameInSystemPrompt } from "./owner-name.js";

const PROMPTS: [string, string | null][] = [
  ["你是阿泽，一个爱说笑的人，后面的对话来自你的朋友。", "阿泽"],
  ["你是“老王”。", "老王"],
  ["你叫小满", "小满"],
  ["You are Remy. You are texting your sister June.", "Remy"],
  ["You are Remy", "Remy"],
  ["you are Mary Ann Lee, and this is your phone", "Mary Ann Lee"],
  ["You are called Ze; answer briefly.", "Ze"],
  ["You are Remy texting your mum", "Remy"],
  ["You are a helpful assistant.", null],
  ["You are the owner of this phone.", null],
  ["你是一个助手。", null],
  ["你是阿泽的朋友。", null],
  ["You are Remy the mechanic from the shop around the corner", "Remy"],
  ["Answer like Remy.", null],
  ["", null],
];

for (const [prompt, name] of PROMPTS) {
  test(`"${prompt}" names ${name ?? "nobody"}`, () => {
    assert.equal(nameInSystemPrompt(prompt), name);
  });
}
