/** Who really wrote a turn: the person, a language model, or the person with a model's edits. */
export type Origin = "real" | "synthetic" | "edited";

/** One side's words until the other side speaks; bubbles are joined by a newline. */
export type Turn = {
  role: "user" | "assistant";
  text: string;
  origin: Origin;
  /**
   * How much each of its tokens counts in the loss, whose mean is over summed weights: 1 for real replies, 0 for
   * nothing, otherwise 0.001 to 1000; always 0 for `user`.
   */
  weight: number;
};

/** A conversation ready to train on or to be held out; a line of `dialogues.jsonl`. */
export type Dialogue = {
  id: string;
  contact: string;
  /** Unix seconds of its first message, or null where the export has no times. */
  time: number | null;
  split: "train" | "heldout";
  system: string | null;
  /** Alternates, starts with `user`, ends with `assistant`; at least one pair. */
  turns: Turn[];
};

/**
 * Why something did not become part of a dialogue, or not as it was; a line of `ledger.jsonl`. Nothing is dropped or
 * changed without one.
 */
export type LedgerEntry = {
  /** A stable word from a closed list, such as `leading-assistant`; `private-` and the type of what was replaced. */
  reason: string;
  /** The messages concerned. */
  messageIds: string[];
  contact: string;
  /** Only where the messages stay, other than they were. */
  changed?: true;
};
