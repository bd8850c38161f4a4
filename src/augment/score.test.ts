import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { Llm, LlmAnswer, LlmFailure, LlmRequest } from "../engines/ports.js";
import { readJsonLines, writeJsonLines } from "../files.js";
import { type Score, scoreDialogues } from "./score.js";

const root = await mkdtemp(join(tmpdir(), "score-"));
after(() => rm(root, { recursive: true }));
let folders = 0;

function dialogue(id: number, split: Dialogue["split"] = "train"): Dialogue {
  const [question, reply] = [`question ${id}?`, `reply ${id}`];
  return {
    id: id.toString(16).padStart(16, "0"),
    contact: "June",
    time: null,
    split,
    system: null,
    turns: [
      { role: "user", text: question, origin: "real", weight: 0 },
      { role: "assistant", text: reply, origin: "real", weight: 1 },
    ],
  };
}

function model(react: (request: LlmRequest) => string | LlmFailure) {
  const requests: LlmRequest[] = [];
  const llm: Llm = {
    host: "llm.example",
    model: "m",
    sentBytes: 9,
    answer: async (request): Promise<LlmAnswer | LlmFailure> => {
      requests.push(request);
      const text = react(request);
      return typeof text === "string" ? { text, whole: true, promptTokens: 3, answerTokens: 2 } : text;
    },
    close: async () => {},
  };
  return { llm, requests };
}

/** Scores 1 to 5 by number. */
function scored({ user }: LlmRequest): string {
  const chats = JSON.parse(user) as { id: number; messages: { content: string }[] }[];
  return JSON.stringify(
    chats.map(({ id, messages }) => ({ id, score: (Number(/\d+/.exec(messages[0]!.content)![0]) % 5) + 1 })),
  );
}

async function run(dialogues: Dialogue[], llm: Llm, out = join(root, String((folders += 1)))) {
  const path = join(out, "dialogues.jsonl");
  await writeJsonLines(path, "test", dialogues);
  const report = await scoreDialogues(
    { dialogues: path, out },
    { parallel: 3, seed: 1, sendTo: "llm.example" },
    llm,
  );
  const scores: Score[] = [];
  for await (const score of readJsonLines<Score>(join(out, "scores.jsonl"), "test")) scores.push(score);
  return { out, report, scores };
}

test("dialogues to train on are judged ten at a time, held-out ones are not sent", async () => {
  const dialogues = Array.from({ length: 25 }, (_, id) => dialogue(id, id === 7 ? "heldout" : "train"));
  const { llm, requests } = model(scored);
  const { report, scores } = await run(dialogues, llm);
  assert.equal(requests.length, 3);
  assert.ok(requests.every(({ user, temperature }) => !user.includes("question 7?") && temperature === 0));
  assert.equal(scores.length, 24);
  assert.ok(scores.every(({ id, score }) => score === (Number.parseInt(id, 16) % 5) + 1));
  assert.deepEqual([report.scores, report.unscored, report.tokens], [[5, 5, 4, 5, 5], 0, 15]);
});

test("what was judged is not asked again, and what was not is", async () => {
  const dialogues = Array.from({ length: 20 }, (_, id) => dialogue(id));
  const half = model((request) =>
    request.user.includes("question 3?") ? { failed: "overloaded" } : scored(request),
  );
  const { out, report } = await run(dialogues, half.llm);
  assert.deepEqual([report.unscored, half.requests.length], [10, 2]);
  const { llm, requests } = model(scored);
  const again = await run(dialogues, llm, out);
  assert.deepEqual([again.report.unscored, requests.length], [0, 1]);
});

test("numbers that are no score, or of no dialogue, are none", async () => {
  const answers = [
    '[{"id":1,"score":6},{"id":2,"score":2.5},{"id":9,"score":3},{"id":3,"score":"4"},{"id":3,"score":1}]',
    "[null, 7, []]",
    "five of five",
    "",
  ];
  const counts: number[] = [];
  for (const answer of answers) {
    const { scores } = await run([dialogue(1), dialogue(2), dialogue(3)], model(() => answer).llm);
    counts.push(scores.length);
    if (scores.length > 0) assert.deepEqual(scores, [{ id: dialogue(3).id, score: 4 }]);
  }
  assert.deepEqual(counts, [1, 0, 0, 0]);
});
