import type { Run } from "../progress.js";
import type { Lease } from "./model-pool.js";
import type { Answer, AnswerOptions, Question } from "./question.js";

/**
 * The model's answer. White space at its ends is left out, as in training; no character is ever split.
 *
 * @throws {LimitExceeded} the last message alone is too long
 */
export async function* answer(
  _lease: Lease,
  _question: Question,
  _options: AnswerOptions,
  _run: Run = {},
): Answer {
  throw new Error("internal: comes with the next commit");
  // oxlint-disable-next-line no-unreachable
  yield { text: "", thinking: false, scores: [] };
}
