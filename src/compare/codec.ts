import type { Turn } from "../dialogue/dialogue.js";

/** Between chat and token ids, exactly as in training and serving. */
export type Codec = {
  /** Name of the chat template. */
  template: string;
  /** Longest sequence the model knows, in tokens. */
  contextTokens: number;
  /** Ids after which a reply is over. */
  stopIds: number[];
  /** Ids of a conversation up to the point where the person replies. */
  encodePrompt(system: string | null, context: readonly Pick<Turn, "role" | "text">[]): number[];
  /** Ids of a reply and the end token. */
  encodeReply(text: string): number[];
  /** The text of a reply; marks of the template stay visible. */
  decode(ids: readonly number[]): string;
};
