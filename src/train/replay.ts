import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedModel, ModelHost, Sampling } from "../engines/ports.js";
import { Unavailable } from "../errors.js";
import { parseJson, writeJsonLines } from "../files.js";
import { templateFor } from "../formats/template/chat-template.js";
import { encodePrompt, encodeReply, stopIds } from "../formats/template/encode.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Run } from "../progress.js";
import { createRandom } from "../random.js";
import { digestBase } from "./digest-base.js";
import { REPLAY_PROMPTS } from "./replay-prompts.js";
import { readSamples } from "./read-samples.js";
import type { Sample } from "./sample.js";
import type { TrainSettings } from "./settings.js";

const STAGE = "train";
const FILE = "replay.jsonl";
/** Tells these conversations from the person's, so that both behaviours can be learnt side by side. */
const SYSTEM = "You are a helpful assistant.";
const ANSWER_TOKENS = 96;
/** Answers drawn side by side. */
const SEQUENCES = 4;
/** As the model is: an answer drawn with anything sharper would teach it to be sharper than it was. */
const AS_IS = { temperature: 1, topP: 1, repeatPenalty: 1 } satisfies Partial<Sampling>;

/** One answer; `ended` is false where it ran into the limit. */
type Answer = { ids: number[]; ended: boolean };

/** What answers, asked for only if answers are missing. */
export type Answerer = {
  /** Path of the base model's GGUF file. */
  gguf: () => Promise<string>;
  host: () => Promise<ModelHost>;
};

/** How many answers make up their share of all samples; at least one for any share above 0. */
function replayCount(samples: number, { replayShare }: TrainSettings): number {
  return replayShare === 0 ? 0 : Math.max(1, Math.round((samples * replayShare) / (1 - replayShare)));
}

/**
 * Lets the base answer everyday questions, as many as `replayShare` calls for, and keeps the answers in `replay.jsonl`.
 *
 * Training on them holds the model where it was (endogenous replay). Answers that are there already, of the same base
 * and settings, are kept, so that a stopped training goes on with the same ones.
 *
 * @param paths the base's folder, `dialogues.jsonl`, and the project folder
 */
export async function writeReplay(
  paths: { base: string; dialogues: string; out: string },
  settings: TrainSettings,
  answerer: Answerer,
  run: Run = {},
): Promise<void> {
  if (settings.replayShare === 0) return;
  const { training } = await readSamples(paths, settings.maxTokens);
  const count = replayCount(training.samples.length, settings);
  const key = await replayKey(paths.base, settings);
  const path = join(paths.out, FILE);
  const answers = (await readAnswers(path, key)) ?? [];
  if (answers.length >= count) return;
  const questions = await encodeQuestions(paths.base, count, settings);
  const contextTokens = Math.max(...questions.map(({ promptIds, room }) => promptIds.length + room));
  const gguf = await answerer.gguf();
  const model = await (
    await answerer.host()
  ).load(gguf, { contextTokens, sequences: SEQUENCES }, signalOnly(run));
  try {
    while (answers.length < count) {
      run.onProgress?.({
        stage: STAGE,
        done: answers.length,
        total: count,
        unit: "answers",
        note: "the base answers",
      });
      const batch = questions.slice(answers.length, answers.length + SEQUENCES);
      answers.push(...(await Promise.all(batch.map((question) => answerOf(model, question, run)))));
      run.signal?.throwIfAborted();
      await writeJsonLines(path, STAGE, [{ key }, ...answers]);
    }
  } finally {
    await model.close();
  }
}

/**
 * The base's answers as samples: what it said and, where it came to an end, the end token carry loss.
 *
 * An answer without a word is left out, so there may be fewer than the share calls for.
 *
 * @param samples how many the dialogues give
 * @throws {Unavailable} `writeReplay` was not done before
 */
export async function readReplay(
  paths: { base: string; out: string },
  samples: number,
  settings: TrainSettings,
): Promise<Sample[]> {
  const count = replayCount(samples, settings);
  if (count === 0) return [];
  const answers = await readAnswers(join(paths.out, FILE), await replayKey(paths.base, settings));
  if (!answers || answers.length < count) {
    throw new Unavailable(
      `${STAGE} ${FILE}: ${answers?.length ?? 0} answers of the base are there (${count} are needed). Run kouwen train again.`,
      { stage: STAGE, path: FILE },
    );
  }
  const questions = await encodeQuestions(paths.base, count, settings);
  return questions.flatMap(({ promptIds, endId }, index) => {
    const { ids, ended } = answers[index]!;
    if (ids.length === 0) return [];
    const reply = ended ? [...ids, endId] : ids;
    return {
      dialogueId: `replay ${index}`,
      ids: Int32Array.from([...promptIds, ...reply]),
      weights: Float32Array.from([...promptIds.map(() => 0), ...reply.map(() => 1)]),
      replies: 1,
    };
  });
}

type Question = {
  promptIds: number[];
  stops: number[];
  endId: number;
  seed: number;
  /** Most tokens of an answer; 0 where there is no room for any. */
  room: number;
};

/** As many questions as asked for; each round through the list draws other answers. */
async function encodeQuestions(base: string, count: number, settings: TrainSettings): Promise<Question[]> {
  const tokenizer = await loadTokenizer(base, STAGE);
  const template = templateFor(tokenizer, STAGE);
  const stops = stopIds(tokenizer, template);
  const endId = encodeReply(tokenizer, template, "").at(-1)!;
  return Array.from({ length: count }, (_, index) => {
    const text = REPLAY_PROMPTS[index % REPLAY_PROMPTS.length]!;
    const turns = [{ role: "user" as const, text, weight: 0 }];
    const promptIds = encodePrompt(tokenizer, template, { system: SYSTEM, turns });
    const seed = Math.floor(createRandom(`replay ${settings.seed} ${index}`)() * 2 ** 31);
    const room = Math.max(0, Math.min(ANSWER_TOKENS, settings.maxTokens - promptIds.length - 1));
    return { promptIds, stops, endId, seed, room };
  });
}

async function answerOf(
  model: LoadedModel,
  { promptIds, stops, seed, room }: Question,
  run: Run,
): Promise<Answer> {
  if (room === 0) return { ids: [], ended: false };
  const sampling: Sampling = { ...AS_IS, maxTokens: room, seed };
  const { ids, ended } = await model.generate(promptIds, stops, sampling, signalOnly(run));
  return { ids, ended: ended === "end" };
}

/** A digest of all that the answers depend on. */
async function replayKey(base: string, { seed, maxTokens }: TrainSettings): Promise<string> {
  const parts = [await digestBase(base), SYSTEM, REPLAY_PROMPTS, AS_IS, ANSWER_TOKENS, seed, maxTokens];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The answers of a file with that key; null where there is none. */
async function readAnswers(path: string, key: string): Promise<Answer[] | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "") return null;
  const [first, ...answers] = text
    .trimEnd()
    .split("\n")
    .map((line) => parseJson(line, STAGE, FILE));
  return (first as { key?: unknown }).key === key ? (answers as Answer[]) : null;
}

/** The engine's own progress would mix with ours. */
function signalOnly({ signal }: Run): Run {
  return signal ? { signal } : {};
}
