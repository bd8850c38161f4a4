import { LimitExceeded } from "../errors.js";
import type { SampleCounts } from "./sample.js";

/** Under this, nothing but the most frequent replies can be learnt. */
export const FEWEST_REPLIES = 50;
/** Under this, the result is uncertain. */
const ENOUGH_REPLIES = 1000;

/**
 * Refuses data from which nothing can be learnt, and says what is doubtful.
 *
 * @returns warnings, each one sentence with advice
 * @throws {LimitExceeded} under 50 replies
 */
export function checkData(training: SampleCounts, heldOut: SampleCounts): string[] {
  const { replies } = training;
  if (replies < FEWEST_REPLIES) {
    throw new LimitExceeded(
      `train dialogues.jsonl: ${replies} replies to learn from (at least ${FEWEST_REPLIES}). Import more chats, or loosen what dialogue drops.`,
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
  return warnings;
}
