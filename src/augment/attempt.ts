import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm, LlmAnswer, LlmFailure } from "../engines/ports.js";
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

/** What came of it. `failed`: no answer was had, so that asking again later is worth it. */
export type Attempted = { tokens: Tokens } & (
  | { turns: Turn[] }
  | { kept: string }
  | { failed: LlmFailure["failed"] }
);

/** Room for an opening and three exchanges beside the fragment itself. */
const TOKENS_BESIDE = 800;

/**
 * Asks a model to complete a dialogue; once more, with what was wrong, if the answer does not do.
 *
 * @returns its turns, or why the original is to be kept, or that no answer was had; and the tokens it took
 * @throws {KouwenError} nothing more can be had from this model
 */
export async function attempt(
  { turns: original }: Dialogue,
  task: Task,
  llm: Llm,
  signal?: AbortSignal,
): Promise<Attempted> {
  const fragment = fragmentText(original);
  const language = languageOf(original.map(({ text }) => text));
  const system = instructions(task.rules, language, task.mode);
  const schema = answerSchema(original, task.mode, longestMessage(task.replyCharacters));
  const tokens: Tokens = { promptTokens: 0, answerTokens: 0 };
  let problem = "";
  for (let tries = 0; tries < 2; tries += 1) {
    const answer = await llm.answer(
      {
        system,
        user: tries === 0 ? fragment : repairText(fragment, problem, language),
        temperature: task.temperature,
        // A token has at least half a character in any language that we know.
        maxTokens: 2 * fragment.length + TOKENS_BESIDE,
        seed: task.seed + tries,
        schema,
      },
      signal,
    );
    if ("failed" in answer) return { failed: answer.failed, tokens };
    tokens.promptTokens += answer.promptTokens;
    tokens.answerTokens += answer.answerTokens;
    const turns = judge(original, answer, task, system);
    if (typeof turns !== "string") return { turns, tokens };
    problem = turns;
  }
  return { kept: problem, tokens };
}

function judge(
  original: readonly Turn[],
  { text, whole }: LlmAnswer,
  { mode, syntheticWeight, replyCharacters }: Task,
  system: string,
): Turn[] | string {
  if (!whole) return "it was cut off before its end";
  const answered = parseAnswer(text);
  if (typeof answered === "string") return answered;
  const align = mode === "continue" ? continued : rewritten;
  const turns = align(original, answered, syntheticWeight);
  if (typeof turns === "string") return turns;
  return checkAnswer(original, turns, { replyCharacters, instructions: system }) ?? turns;
}
