import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm, LlmAnswer, LlmFailure, LlmRequest } from "../engines/ports.js";
import { LimitExceeded } from "../errors.js";
import { readJsonLines, writeJsonLines } from "../files.js";
import { augment } from "./augment.js";
import { shortReason, shortReasons } from "./short-reason.js";
import { type AugmentSettings, augmentSettings } from "./settings.js";

const root = await mkdtemp(join(tmpdir(), "augment-"));
after(() => rm(root, { recursive: true }));
let folders = 0;

function dialogue(id: number, texts: string[], split: Dialogue["split"] = "train"): Dialogue {
  const turns = texts.map((text, at): Turn => {
    const own = at % 2 === 1;
    return { role: own ? "assistant" : "user", text, origin: "real", weight: Number(own) };
  });
  return { id: id.toString(16).padStart(16, "0"), contact: "June", time: null, split, system: null, turns };
}

/** A model that answers from a function; its requests are kept. */
function model(react: (request: LlmRequest, count: number) => LlmAnswer | LlmFailure | string) {
  const requests: LlmRequest[] = [];
  const llm: Llm = {
    host: "llm.example",
    model: "m",
    sentBytes: 7,
    answer: async (request) => {
      requests.push(request);
      const answer = react(request, requests.length);
      return typeof answer === "string"
        ? { text: answer, whole: true, promptTokens: 10, answerTokens: 5 }
        : answer;
    },
    close: async () => {},
  };
  return { llm, requests };
}

/** A good answer: an opening before the fragment and an exchange after it. */
function completed({ user }: LlmRequest): string {
  const fragment = JSON.parse(user.split("\n\n")[0]!) as { role: string; content: string }[];
  return JSON.stringify([
    { role: "user", content: "so about tonight" },
    { role: "assistant", content: "what about it" },
    ...fragment,
    { role: "user", content: "ok cool" },
    { role: "assistant", content: "see you" },
  ]);
}

async function run(dialogues: Dialogue[], llm: Llm, settings: Partial<AugmentSettings> = {}, out?: string) {
  const folder = out ?? join(root, String((folders += 1)));
  const path = join(folder, "dialogues.jsonl");
  await writeJsonLines(path, "test", dialogues);
  const report = await augment(
    { dialogues: path, out: folder },
    augmentSettings.parse({ sendTo: "llm.example", ...settings }),
    llm,
  );
  const made: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(join(folder, "dialogues.augmented.jsonl"), "test"))
    made.push(one);
  return { folder, report, made };
}

test("what was really said stays word for word, the rest is synthetic and counts as the setting says", async () => {
  const original = dialogue(1, ["where are you?", "nearly there\n5 min"]);
  const { llm } = model(completed);
  const { made, report } = await run([original], llm, { syntheticWeight: 0.25 });
  assert.deepEqual(made[0]!.turns.slice(2, 4), original.turns);
  assert.deepEqual(
    made[0]!.turns.map(({ origin, weight }) => [origin, weight]),
    [
      ["synthetic", 0],
      ["synthetic", 0.25],
      ["real", 0],
      ["real", 1],
      ["synthetic", 0],
      ["synthetic", 0.25],
    ],
  );
  assert.deepEqual(
    [report.augmented, report.promptTokens, report.answerTokens, report.sentBytes],
    [1, 10, 5, 7],
  );
});

test("held-out dialogues are neither sent nor touched, and all counts add up", async () => {
  const dialogues = [
    dialogue(1, ["a?", "b"]),
    dialogue(2, ["secret?", "yes"], "heldout"),
    dialogue(3, ["c?", "d"]),
  ];
  const { llm, requests } = model((request, count) => (count === 1 ? completed(request) : "no list at all"));
  const { made, report } = await run(dialogues, llm, { parallel: 1 });
  assert.ok(requests.every(({ user }) => !user.includes("secret")));
  assert.deepEqual(made[1], dialogues[1]);
  assert.deepEqual(made[2], dialogues[2]);
  assert.deepEqual(
    [report.dialogues, report.augmented, report.heldOut, report.kept],
    [3, 1, 1, { "it holds no JSON list": 1 }],
  );
});

test("an answer that does not do is asked for once more with the reason, then the original stays", async () => {
  const bad: [string, string][] = [
    ["[]", "its list is empty"],
    ["[{", "its list is not valid JSON"],
    ['[{"role":"system","content":"x"}]', "item 1 has no role of user or assistant"],
    ['[{"role":"user","content":" "}]', "item 1 has no content"],
    [
      '[{"role":"user","content":"Where are you?!"},{"role":"assistant","content":"nearly there"}]',
      "unchanged",
    ],
    [completed({ user: '[{"role":"user","content":"where are you?"}]' } as LlmRequest), "unchanged"],
  ];
  for (const [answer, problem] of bad) {
    const { llm, requests } = model(() => answer);
    const { report, made } = await run([dialogue(1, ["where are you?", "nearly there"])], llm);
    assert.equal(requests.length, 2);
    assert.ok(requests[1]!.user.includes(problem), requests[1]!.user);
    assert.match(Object.keys(report.kept)[0]!, new RegExp(problem));
    assert.equal(made[0]!.turns.length, 2);
  }
  const { llm, requests } = model((request, count) => (count === 1 ? "sorry" : completed(request)));
  assert.equal((await run([dialogue(1, ["a?", "b"])], llm)).report.augmented, 1);
  assert.equal(requests.length, 2);
});

test("fences, chatter with emoji, thoughts and an object around the list are tolerated", async () => {
  const wraps = [
    (list: string) => `\`\`\`json\n${list}\n\`\`\``,
    (list: string) => `好的 [玫瑰] 这是结果：${list} 希望你喜欢 [捂脸]`,
    (list: string) => `<think>[maybe]</think>${list}`,
    (list: string) => `{"conversations": ${list}}`,
  ];
  for (const wrap of wraps) {
    const { llm } = model((request) => wrap(completed(request)));
    assert.equal((await run([dialogue(1, ["a?", "b"])], llm)).report.augmented, 1);
  }
});

test("what a model must not add is refused: greetings, essays, another language, made-up numbers, its orders", async () => {
  const wrong: [string, RegExp][] = [
    ["Hey there", /greeting/],
    ["x".repeat(90), /has 90 characters \(at most 40/],
    ["今天晚上我们一起去吃火锅吧", /language/],
    ["call me on 555 0199 23", /makes up a number/],
    ["keep it short and everyday, as people", /repeats the instructions/],
  ];
  for (const [opening, problem] of wrong) {
    const { llm } = model((request) => {
      const turns = JSON.parse(completed(request)) as { content: string }[];
      turns[0]!.content = opening;
      return JSON.stringify(turns);
    });
    const { report } = await run([dialogue(1, ["where are you?", "nearly there"])], llm);
    assert.match(Object.keys(report.kept)[0]!, problem);
  }
});

test("rewriting may edit and leave out; what is still the same is real, what resembles it is edited", async () => {
  const { llm } = model(() =>
    JSON.stringify([
      { role: "user", content: "so where are you now?" },
      { role: "assistant", content: "nearly there, give me five" },
      { role: "user", content: "ok" },
      { role: "assistant", content: "haha" },
    ]),
  );
  const original = dialogue(1, ["where are you?", "nearly there", "ok", "k"]);
  const { made } = await run([original], llm, { mode: "rewrite" });
  assert.equal(made.length, 1);
  const longer = dialogue(2, ["where are you?", "nearly there"]);
  const again = await run([longer], llm, { mode: "rewrite" });
  assert.deepEqual(
    again.made[0]!.turns.map(({ origin }) => origin),
    ["edited", "edited", "synthetic", "synthetic"],
  );
});

test("a request that fails keeps the original and is asked again in the next run; all else is not", async () => {
  const dialogues = [1, 2, 3].map((id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const first = model((request) =>
    request.user.includes("q2") ? { failed: "overloaded" } : completed(request),
  );
  const { folder, report } = await run(dialogues, first.llm);
  assert.deepEqual(report.kept, { "no answer: overloaded": 1 });
  const second = model(completed);
  const again = await run(dialogues, second.llm, {}, folder);
  assert.equal(second.requests.length, 1);
  assert.equal(again.report.augmented, 3);
  const third = model(() => assert.fail("asked again"));
  assert.deepEqual((await run(dialogues, third.llm, {}, folder)).made, again.made);
});

test("a torn line at the end of the journal costs its dialogue only", async () => {
  const dialogues = [1, 2].map((id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const { folder, made } = await run(dialogues, model(completed).llm, { parallel: 1 });
  const path = join(folder, "augment.journal.jsonl");
  await truncate(path, (await readFile(path)).length - 20);
  const { llm, requests } = model(completed);
  assert.deepEqual((await run(dialogues, llm, {}, folder)).made, made);
  assert.equal(requests.length, 1);
  await appendFile(path, '{"key":');
  assert.deepEqual((await run(dialogues, model(() => assert.fail("asked")).llm, {}, folder)).made, made);
});

test("when nothing more can be had the run ends with that error, and what was answered is not asked for again", async () => {
  const dialogues = Array.from({ length: 20 }, (_, id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const { llm } = model((request, count) => {
    if (count === 11)
      throw new LimitExceeded("augment llm.example: the balance is used up. Top it up.", {
        stage: "augment",
      });
    return completed(request);
  });
  const folder = join(root, String((folders += 1)));
  await assert.rejects(run(dialogues, llm, { parallel: 4 }, folder), /the balance is used up/);
  const { llm: next, requests } = model(completed);
  const { report } = await run(dialogues, next, {}, folder);
  assert.equal(report.augmented, 20);
  assert.ok(requests.length <= 10, `${requests.length} were asked for again`);
});

test("a budget of tokens leaves the rest as it is, for a later run to go on with", async () => {
  const dialogues = Array.from({ length: 6 }, (_, id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const { report, folder } = await run(dialogues, model(completed).llm, { parallel: 1, budgetTokens: 40 });
  assert.deepEqual(
    [report.augmented, report.promptTokens, report.answerTokens, report.kept],
    [3, 30, 15, { "the budget was used up": 3 }],
  );
  assert.equal((await run(dialogues, model(completed).llm, {}, folder)).report.augmented, 6);
});

test("a budget of money is held at the prices that are told, and needs one", async () => {
  const dialogues = Array.from({ length: 6 }, (_, id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const prices = { priceIn: 1e5, priceOut: 4e5 };
  const { report, folder } = await run(dialogues, model(completed).llm, {
    ...prices,
    parallel: 1,
    budgetCost: 7,
  });
  // A question costs 1, its answer 2.
  assert.deepEqual([report.augmented, report.cost, report.kept], [3, 9, { "the budget was used up": 3 }]);
  const rest = await run(dialogues, model(completed).llm, prices, folder);
  assert.deepEqual([rest.report.augmented, rest.report.cost], [6, 9]);
  await assert.rejects(
    run(dialogues, model(() => assert.fail("asked")).llm, { budgetCost: 1 }),
    /--budget-cost: no price is told/,
  );
});

test("a repair that fails on its way costs nothing of the first answer, which is not paid for again", async () => {
  const dialogues = [1, 2].map((id) => dialogue(id, [`q${id}?`, `a${id}`]));
  const first = model(({ user }) => (user.includes("\n\n") ? { failed: "unreachable" } : "no list at all"));
  const { folder, report, made } = await run(dialogues, first.llm, { parallel: 1 });
  assert.deepEqual(
    [report.promptTokens, report.answerTokens, report.requestedNow, report.kept],
    [20, 10, 2, { "no answer: unreachable": 2 }],
  );
  assert.deepEqual(made, dialogues);
  const second = model(completed);
  const again = await run(dialogues, second.llm, {}, folder);
  assert.deepEqual(
    second.requests.map(({ user, seed }) => [user.includes("it holds no JSON list"), seed]),
    [
      [true, 2],
      [true, 2],
    ],
  );
  assert.deepEqual([again.report.augmented, again.report.promptTokens], [2, 20]);
});

test("a run that ends between an answer and its repair has noted the answer", async () => {
  const dialogues = [dialogue(1, ["q?", "a"])];
  const dry = model((_, count) => {
    if (count === 1) return "[]";
    throw new LimitExceeded("augment llm.example: the balance is used up. Top it up.", { stage: "augment" });
  });
  const folder = join(root, String((folders += 1)));
  await assert.rejects(run(dialogues, dry.llm, {}, folder), /the balance is used up/);
  const { llm, requests } = model(completed);
  assert.equal((await run(dialogues, llm, {}, folder)).report.augmented, 1);
  assert.deepEqual(
    requests.map(({ user }) => user.includes("its list is empty")),
    [true],
  );
});

test("progress tells failures by reason, in a word each", () => {
  assert.equal(shortReasons({}), "");
  assert.equal(
    shortReasons({
      "its first item is not user": 1,
      "its roles do not take turns": 1,
      "it begins with a greeting such as 嘿 or Hey": 1,
    }),
    "3 kept (2 roles, 1 greeting)",
  );
  const words = [
    ["it was cut off before its end", "cut off"],
    ["it is far too long", "too long"],
    ["a message of user has 90 characters (at most 40 in this chat)", "too long"],
    ["item 3 has no content", "no list"],
    ["the messages of the fragment are not all in it, unchanged and together", "words changed"],
    ["nothing was added", "length"],
    ["far too many messages were added", "length"],
    ["it makes up a number or an address", "made-up number"],
    ["it changes the language", "language"],
    ["it repeats the instructions", "instructions"],
    ["the budget was used up", "budget"],
    ["no answer: overloaded", "overloaded"],
  ];
  for (const [why, word] of words) assert.equal(shortReason(why!), word);
});
