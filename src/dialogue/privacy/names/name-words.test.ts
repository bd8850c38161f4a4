import assert from "node:assert/strict";
import { test } from "node:test";
import { Draw } from "../draw.js";
import { imagineName, inCaseOf } from "./imagine-name.js";
import { introducedNames } from "./introduced.js";
import { nameWords } from "./name-words.js";

test("the words of a contact's name that tell who it is", () => {
  for (const [label, words] of [
    ["小满🌸", ["小满"]],
    ["陆静文", ["陆静文", "静文"]],
    ["韩老师", ["韩老师"]],
    ["喵总", ["喵总"]],
    ["Nadia Karim(wxid_demo1)", ["Nadia", "Karim"]],
    ["Dez (band)", ["Dez"]],
    ["민수", ["민수"]],
    ["ゆき", ["ゆき"]],
  ] as const)
    assert.deepEqual(nameWords(label), [...words], label);
});

test("no single character, no common word, no relation and no sentence", () => {
  for (const label of [
    "泽",
    "老妈",
    "姐姐",
    "房东",
    "高兴",
    "周末",
    "Mum",
    "June",
    "Will",
    "Mr J",
    "unknown",
    "",
    "相亲相爱一家人的群聊",
    "🌸",
  ])
    assert.deepEqual(nameWords(label), [], label);
});

test("names by which somebody is introduced", () => {
  assert.deepEqual(introducedNames("恭喜陆小满女士"), ["陆小满"]);
  assert.deepEqual(introducedNames("你好我叫周静文"), ["周静文"]);
  assert.deepEqual(introducedNames("收件人：陈雨桐，电话"), ["陈雨桐"]);
  assert.deepEqual(introducedNames("my full name is Wren Adeyemi-Holt, please"), ["Wren", "Adeyemi", "Holt"]);
  assert.deepEqual(introducedNames("各位先生们好，高先生在吗"), []);
});

function imagined(name: string): string[] {
  return Array.from({ length: 30 }, (_, at) => imagineName(name, new Draw(Buffer.from("s"), String(at))));
}

test("stand-ins keep script, length and what tells how close the two are", () => {
  for (const [name, form] of [
    ["阿泽", /^阿\p{Script=Han}$/u],
    ["老魏", /^老\p{Script=Han}$/u],
    ["韩老师", /^\p{Script=Han}老师$/u],
    ["陆小满", /^\p{Script=Han}{3}$/u],
    ["Nadia", /^[A-Z][a-z]{3,7}$/],
    ["민수", /^\p{Script=Hangul}{2}$/u],
    ["ゆき", /^\p{Script=Hiragana}{2}$/u],
  ] as const)
    for (const one of imagined(name)) {
      assert.match(one, form);
    }
  assert.equal(inCaseOf("remy", "Otto"), "otto");
  assert.equal(inCaseOf("REMY", "Otto"), "OTTO");
});
