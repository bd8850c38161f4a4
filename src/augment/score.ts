import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { Llm } from "../engines/ports.js";
import { readJsonLines, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { stableId } from "../stable-id.js";
import { askToSend } from "./ask-to-send.js";
import { tokensOf } from "./estimate.js";
import { inParallel } from "./in-parallel.js";
import { Journal } from "./journal.js";
import { parseList } from "./parse-answer.js";
import { languageOf } from "./prompt.js";
import { SCORE_RULES, scoreInstructions, scoreSchema, scoreText } from "./score-prompt.js";
import type { AugmentSettings } from "./settings.js";

/** A line of `scores.jsonl`. */
export type Score = { id: string; score: number };

/** What came of it. */
export type ScoreReport = {
  model: string;
  host: string | null;
  dialogues: number;
  /** How many have each score, 1 to 5. */
  scores: [number, number, number, number, number];
  /** Dialogues for which no usable score was had; they are never left out for it. */
  unscored: number;
  tokens: number;
  sentBytes: number;
};

type Judged = { key: string; score: number };

/** Dialogues judged by one request. */
const BATCH = 10;
const BATCH_CHARACTERS = 12_000;
const TOKENS_PER_SCORE = 24;

/**
 * Has a language model judge each dialogue to train on, from 1 to 5: whether the replies follow from what was said, make
 * sense and are natural. Held-out ones are not sent. Nothing is judged twice: answers are in a journal at once.
 *
 * Writes `scores.jsonl`; the dialogue stage leaves out what is below its setting `leastScore`.
 *
 * @param remember is told the host that the person let the words go to
 * @throws {MalformedInput} the words would leave this machine, and the person has not allowed it
 * @throws {KouwenError} nothing more can be had from the model; what is done stays done
 */
export async function scoreDialogues(
  { dialogues: path, out }: { dialogues: string; out: string },
  { parallel, seed, sendTo }: Pick<AugmentSettings, "parallel" | "seed" | "sendTo">,
  llm: Llm,
  run: Run = {},
  remember: (host: string) => Promise<void> = async () => {},
): Promise<ScoreReport> {
  const dialogues: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(path, "dialogue")) {
    if (one.split === "train") dialogues.push(one);
  }
  const keyOf = ({ turns }: Dialogue): string =>
    stableId([llm.model, SCORE_RULES, ...turns.flatMap(({ role, text }) => [role, text])]);
  const journal = await Journal.open<Judged>(join(out, "scores.journal.jsonl"));
  let tokens = 0;
  try {
    const batches = inBatches(dialogues.filter((one) => !journal.get(keyOf(one))));
    if (llm.host !== null && batches.length > 0 && sendTo !== llm.host) {
      await askToSend(llm.host, estimateBatches(batches), run);
      await remember(llm.host);
    }
    let done = 0;
    await inParallel(batches, parallel, run.signal, async (batch, _, signal) => {
      const answer = await llm.answer(
        {
          system: scoreInstructions(languageOf(batch.flatMap(({ turns }) => turns.map(({ text }) => text)))),
          user: scoreText(batch),
          temperature: 0,
          maxTokens: TOKENS_PER_SCORE * batch.length + 50,
          seed,
          schema: scoreSchema(batch.length),
        },
        signal,
      );
      if (!("failed" in answer)) {
        tokens += answer.promptTokens + answer.answerTokens;
        for (const [index, score] of readScores(answer.text, batch.length)) {
          await journal.add({ key: keyOf(batch[index]!), score });
        }
      }
      done += 1;
      run.onProgress?.({ stage: "dialogue", done, total: batches.length, unit: "requests" });
    });
    const scores = dialogues.flatMap((one): Score[] => {
      const judged = journal.get(keyOf(one));
      return judged ? [{ id: one.id, score: judged.score }] : [];
    });
    await writeScores(join(out, "scores.jsonl"), scores);
    return {
      model: llm.model,
      host: llm.host,
      dialogues: dialogues.length,
      scores: [1, 2, 3, 4, 5].map(
        (value) => scores.filter(({ score }) => score === value).length,
      ) as ScoreReport["scores"],
      unscored: dialogues.length - scores.length,
      tokens,
      sentBytes: llm.host === null ? 0 : llm.sentBytes,
    };
  } finally {
    await journal.close();
  }
}

/** Writes scores; those of dialogues that are not there any more, perhaps for their score, stay. */
async function writeScores(path: string, scores: readonly Score[]): Promise<void> {
  const all = new Map<string, number>();
  if (existsSync(path)) {
    for await (const { id, score } of readJsonLines<Score>(path, "dialogue")) all.set(id, score);
  }
  for (const { id, score } of scores) all.set(id, score);
  const lines = [...all].map(([id, score]): Score => ({ id, score }));
  await writeJsonLines(path, "dialogue", lines);
}

/** Dialogues in groups that one request can hold. */
function inBatches(dialogues: readonly Dialogue[]): Dialogue[][] {
  const batches: Dialogue[][] = [];
  let characters = 0;
  for (const dialogue of dialogues) {
    const length = dialogue.turns.reduce((sum, { text }) => sum + text.length, 0);
    const last = batches.at(-1);
    if (last && last.length < BATCH && characters + length <= BATCH_CHARACTERS) {
      last.push(dialogue);
      characters += length;
    } else {
      batches.push([dialogue]);
      characters = length;
    }
  }
  return batches;
}

/** The scores in an answer by index; what is no whole number from 1 to 5, or of a dialogue not asked about, is none. */
function readScores(answer: string, count: number): Map<number, number> {
  const scores = new Map<number, number>();
  const list = parseList(answer);
  if (typeof list === "string") return scores;
  for (const item of list) {
    const { id, score } = (item ?? {}) as { id?: unknown; score?: unknown };
    const [index, value] = [Number(id) - 1, Number(score)];
    const valid = Number.isInteger(index) && index >= 0 && index < count && [1, 2, 3, 4, 5].includes(value);
    if (valid && !scores.has(index)) scores.set(index, value);
  }
  return scores;
}

function estimateBatches(batches: readonly Dialogue[][]) {
  let [bytes, promptTokens, dialogues] = [0, 0, 0];
  for (const batch of batches) {
    const text = scoreInstructions("zh") + scoreText(batch);
    bytes += Buffer.byteLength(text);
    promptTokens += tokensOf(text);
    dialogues += batch.length;
  }
  return { dialogues, bytes, promptTokens, answerTokens: dialogues * TOKENS_PER_SCORE };
}
