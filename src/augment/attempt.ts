import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm, LlmAnswer, LlmFailure, LlmRequest } from "../engines/ports.js";
import { continued, rewritten } from "./align.js";
import { answerSchema } from "./answer-schema.js";
import { checkAnswer, longestMessage } from "./check-answer.js";
import type { Tokens } from "./cost.js";
import { parseAnswer } from "./parse-answer.js";
import { fragmentText, instructions, languageOf, type Mode, repairText, type Rules } from "./prompt.js";

/** How fragments are completed: the same for all of them. */
export type Task = {
  rules: Rules;
  mode: Mode;
  temperature: number;
  seed: number;
  /** Weight of made-up replies in the loss. */
  syntheticWeight: number;
  /** Characters that 95 of 100 real replies do not exceed. */
  replyCharacters: number;
};

/** What came of an answer: the turns that it gives, or what is wrong with it; and the tokens it took. */
export type Judged = { tokens: Tokens } & ({ turns: Turn[] } | { problem: string });

/** Room for an opening and three exchanges beside the fragment itself. */
const TOKENS_BESIDE = 800;

/**
 * Asks a model to complete a dialogue, once.
 *
 * @param problem what was wrong with its answer before, if this is to repair it
 * @returns also that no answer was had, so that asking again later is worth it
 * @throws {KouwenError} nothing more can be had from this model
 */
export async function attempt(
  dialogue: Dialogue,
  task: Task,
  llm: Llm,
  problem?: string,
  signal?: AbortSignal,
): Promise<Judged | LlmFailure> {
  const answer = await llm.answer(requestFor(dialogue, task, problem), signal);
  return "failed" in answer ? answer : judge(dialogue, task, answer);
}

/** What a model is asked about a dialogue; with `problem`, once more, with what was wrong before. */
export function requestFor({ turns: original }: Dialogue, task: Task, problem?: string): LlmRequest {
  const fragment = fragmentText(original);
  const language = languageOf(original.map(({ text }) => text));
  return {
    system: instructions(task.rules, language, task.mode),
    user: problem === undefined ? fragment : repairText(fragment, problem, language),
    temperature: task.temperature,
    // A token has at least half a character in any language that we know.
    maxTokens: 2 * fragment.length + TOKENS_BESIDE,
    seed: problem === undefined ? task.seed : task.seed + 1,
    schema: answerSchema(original, task.mode, longestMessage(task.replyCharacters)),
  };
}

/** Holds an answer against the schema and the rules. */
export function judge({ turns: original }: Dialogue, task: Task, answer: LlmAnswer): Judged {
  const { promptTokens, answerTokens } = answer;
  const turns = turnsIn(original, task, answer);
  return {
    tokens: { promptTokens, answerTokens },
    ...(Array.isArray(turns) ? { turns } : { problem: turns }),
  };
}

function turnsIn(original: readonly Turn[], task: Task, { text, whole }: LlmAnswer): Turn[] | string {
  if (!whole) return "it was cut off before its end";
  const answered = parseAnswer(text);
  if (typeof answered === "string") return answered;
  const align = task.mode === "continue" ? continued : rewritten;
  const turns = align(original, answered, task.syntheticWeight);
  if (typeof turns === "string") return turns;
  const language = languageOf(original.map((turn) => turn.text));
  const told = instructions(task.rules, language, task.mode);
  return checkAnswer(original, turns, { replyCharacters: task.replyCharacters, instructions: told }) ?? turns;
}
