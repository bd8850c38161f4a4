import type { Dialogue } from "../dialogue/dialogue.js";

/** A dialogue as token ids, exactly as the model will be served it. */
export type EncodedDialogue = {
  ids: readonly number[];
  /**
   * As long as `ids`: how much predicting that token counts in the loss. 0 for everything but the person's replies
   * and the token that ends each; a reply's tokens carry its turn's `weight`. The first is 0: nothing predicts it.
   */
  weights: readonly number[];
};

/** Renders and tokenizes a dialogue. Pure: the same dialogue gives the same ids. */
export type EncodeDialogue = (dialogue: Dialogue) => EncodedDialogue;
