import type { Dialogue } from "../dialogue/dialogue.js";
import { ENOUGH_REPLIES, FEWEST_REPLIES } from "../enough-replies.js";
import { LimitExceeded, MalformedInput } from "../errors.js";
import type { SampleCounts } from "./sample.js";

/** Beyond these, sums in float32 would lose the small weights beside the large ones. */
const LIGHTEST = 0.001;
const HEAVIEST = 1000;

/**
 * Refuses a dialogue with a weight that the loss cannot work with.
 *
 * @param line its number in `dialogues.jsonl`, from 1
 * @throws {MalformedInput} a weight is neither 0 nor from 0.001 to 1000
 */
export function checkWeights({ turns }: Dialogue, line: number): void {
  for (const { weight } of turns) {
    if (weight === 0 || (typeof weight === "number" && weight >= LIGHTEST && weight <= HEAVIEST)) continue;
    const path = `dialogues.jsonl:${line}`;
    const shown = JSON.stringify(weight)?.slice(0, 20) ?? "missing";
    throw new MalformedInput(
      `train ${path}: a turn's weight is ${shown} (0, or ${LIGHTEST} to ${HEAVIEST}). Mend it, or run kouwen dialogue --fresh.`,
      { stage: "train", path },
    );
  }
}

/**
 * Refuses data from which nothing can be learnt, and says what is doubtful.
 *
 * @param force whether to try with under 50 replies all the same
 * @returns warnings, each one sentence with advice
 * @throws {LimitExceeded} under 50 replies, or none at all
 */
export function checkData(training: SampleCounts, heldOut: SampleCounts, force: boolean): string[] {
  const { replies } = training;
  if (replies < (force ? 1 : FEWEST_REPLIES)) {
    throw new LimitExceeded(
      `train dialogues.jsonl: ${replies} replies to learn from (at least ${FEWEST_REPLIES}). Import more chats, loosen what dialogue drops, or train with --force.`,
      { stage: "train", path: "dialogues.jsonl" },
    );
  }
  const warnings: string[] = [];
  if (replies < ENOUGH_REPLIES) {
    warnings.push(
      `Only ${replies} replies to learn from; under ${ENOUGH_REPLIES} the result picks up form but little else. Import more chats if you can.`,
    );
  }
  if (heldOut.replies === 0) {
    warnings.push("No reply is held out, so the last checkpoint is taken and overfitting goes unseen.");
  }
  const { tooLongReplies } = training;
  if (tooLongReplies > 0) {
    warnings.push(
      `${tooLongReplies} replies are too long for a sample, which has no room for what they answer, and are left out. Raise maxTokens to keep them.`,
    );
  }
  return warnings;
}
