/** What `augment.json` holds; dialogues = augmented + kept + heldOut. */
export type AugmentReport = {
  model: string;
  /** Where the words went; null if they stayed on this machine. */
  host: string | null;
  mode: "continue" | "rewrite";
  /** Hash of the instructions that were given. */
  rules: string;
  dialogues: number;
  augmented: number;
  /** Dialogues that stay as they were, by what was wrong with the answers. */
  kept: Record<string, number>;
  /** Dialogues that are only compared with, and never touched. */
  heldOut: number;
  /** Tokens of this run; none for what was in the journal. */
  promptTokens: number;
  answerTokens: number;
  /** Those of them that went in batches, at half the price. */
  batched: { promptTokens: number; answerTokens: number };
  /** What all of them cost at the prices of the settings; 0 where these tell none. */
  cost: number;
  /** Dialogues that had to be asked about in this run. */
  requestedNow: number;
  /** Bytes that left this machine in this run. */
  sentBytes: number;
};
