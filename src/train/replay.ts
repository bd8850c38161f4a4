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
/** As chats are drawn unless told. Temperature 1 without top-p made many answers of SmolLM2-135M nonsense. */
const DRAW = { temperature: 0.8, topP: 0.9, repeatPenalty: 1 } satisfies Partial<Sampling>;
/** Chats with a larger share of Chinese characters than this are asked in Chinese. */
const CHINESE_SHARE = 0.1;
/** Samples that are looked at for their language. */
const LANGUAGE_SAMPLES = 200;

/** One answer; `ended` is false where it ran into the limit. */
type Answer = { ids: number[]; ended: boolean };

/** What answers, asked for only if answers are missing. */
export type Answerer = {
  /** Path of the base model's GGUF file. */
  gguf: () => Promise<string>;
  host: () => Promise<ModelHost>;
};

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
  const { questions, key } = await ask(paths.base, training.samples, settings);
  const path = join(paths.out, FILE);
  const answers = (await readAnswers(path, key)) ?? [];
  if (answers.length >= questions.length) return;
  const contextTokens = Math.max(...questions.map(({ promptIds, room }) => promptIds.length + room));
  const gguf = await answerer.gguf();
  const model = await (
    await answerer.host()
  ).load(gguf, { contextTokens, sequences: SEQUENCES }, signalOnly(run));
  try {
    while (answers.length < questions.length) {
      run.onProgress?.({
        stage: STAGE,
        done: answers.length,
        total: questions.length,
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
 * @param samples those that the dialogues give
 * @throws {Unavailable} `writeReplay` was not done before
 */
export async function readReplay(
  paths: { base: string; out: string },
  samples: readonly Sample[],
  settings: TrainSettings,
): Promise<Sample[]> {
  if (settings.replayShare === 0) return [];
  const { questions, key } = await ask(paths.base, samples, settings);
  const answers = (await readAnswers(join(paths.out, FILE), key)) ?? [];
  if (answers.length < questions.length) {
    throw new Unavailable(
      `${STAGE} ${FILE}: ${answers.length} answers of the base are there (${questions.length} are needed). Run kouwen train again.`,
      { stage: STAGE, path: FILE },
    );
  }
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

/** The questions, as many as the share calls for, and a digest of all that their answers depend on. */
async function ask(
  base: string,
  samples: readonly Sample[],
  { seed, maxTokens, replayShare }: TrainSettings,
): Promise<{ questions: Question[]; key: string }> {
  const tokenizer = await loadTokenizer(base, STAGE);
  const template = templateFor(tokenizer, STAGE);
  const texts = samples.slice(0, LANGUAGE_SAMPLES).map(({ ids }) => tokenizer.decode([...ids]));
  const prompts = REPLAY_PROMPTS[isChinese(texts.join("")) ? "zh" : "en"];
  const stops = stopIds(tokenizer, template);
  const endId = encodeReply(tokenizer, template, "").at(-1)!;
  const count = Math.max(1, Math.round((samples.length * replayShare) / (1 - replayShare)));
  // Each round through the list draws other answers.
  const questions = Array.from({ length: count }, (_, index) => {
    const turns = [{ role: "user" as const, text: prompts[index % prompts.length]!, weight: 0 }];
    const promptIds = encodePrompt(tokenizer, template, { system: SYSTEM, turns });
    return {
      promptIds,
      stops,
      endId,
      seed: Math.floor(createRandom(`replay ${seed} ${index}`)() * 2 ** 31),
      room: Math.max(0, Math.min(ANSWER_TOKENS, maxTokens - promptIds.length - 1)),
    };
  });
  const parts = [await digestBase(base), SYSTEM, prompts, DRAW, ANSWER_TOKENS, seed, maxTokens];
  return { questions, key: createHash("sha256").update(JSON.stringify(parts)).digest("hex") };
}

function isChinese(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu)?.length ?? 0) > CHINESE_SHARE * text.length;
}

async function answerOf(
  model: LoadedModel,
  { promptIds, stops, seed, room }: Question,
  run: Run,
): Promise<Answer> {
  if (room === 0) return { ids: [], ended: false };
  const sampling: Sampling = { ...DRAW, maxTokens: room, seed };
  const { ids, ended } = await model.generate(promptIds, stops, sampling, signalOnly(run));
  return { ids, ended: ended === "end" };
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
