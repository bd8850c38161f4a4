import type { Dialogue } from "../dialogue/dialogue.js";
import type { EncodeDialogue } from "./cut.js";
import { type Sample, toSample } from "./sample.js";
import type { Vote } from "./votes.js";

/** A vote as it is trained on: what of the conversation fits, and the tokens of each reply after it. */
export type VoteSamples = { vote: Vote; good: Sample | null; bad: Sample | null };

/**
 * Encodes a vote's replies after the same conversation, as the served model sees it. A conversation that is too long
 * loses its oldest exchanges.
 *
 * @returns null if a reply does not fit even after the last question alone
 */
export function encodeVote(vote: Vote, encode: EncodeDialogue, maxTokens: number): VoteSamples | null {
  for (let from = 0; from < vote.turns.length; from += 2) {
    const cut = { ...vote, turns: vote.turns.slice(from) };
    const [good, bad] = [cut.good, cut.bad].map((reply) => (reply === null ? null : toDialogue(cut, reply)));
    const encoded = [good, bad].map((dialogue) => dialogue && encode(dialogue));
    if (encoded.some((one) => one && one.ids.length > maxTokens)) continue;
    const [goodSample, badSample] = encoded.map((one) => one && toSample("vote", one, 1));
    return { vote: cut, good: goodSample ?? null, bad: badSample ?? null };
  }
  return null;
}

/** The conversation with a reply at its end, which alone carries loss. */
export function toDialogue({ system, turns }: Vote, reply: string): Dialogue {
  const answer = { role: "assistant", text: reply, origin: "real", weight: 1 } as const;
  return { id: "vote", contact: "", time: null, split: "train", system, turns: [...turns, answer] };
}
