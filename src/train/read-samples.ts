import type { Dialogue } from "../dialogue/dialogue.js";
import { MalformedInput } from "../errors.js";
import { readJsonLines } from "../files.js";
import { readModelConfig } from "../formats/model-config.js";
import { templateFor } from "../formats/template/chat-template.js";
import { encodeDialogue } from "../formats/template/encode.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { checkWeights } from "./check-data.js";
import { makeSamples, type Sample, type SampleCounts } from "./sample.js";

const STAGE = "train";

type Samples = { samples: Sample[]; sources: Dialogue[]; counts: SampleCounts };

/**
 * Dialogues encoded as the served model will see them, by split.
 *
 * @throws {MalformedInput} a turn's weight is impossible, or the tokenizer has more tokens than the model
 */
export async function readSamples(
  paths: { base: string; dialogues: string },
  maxTokens: number,
): Promise<{ training: Samples; heldOut: Samples }> {
  const { vocabSize } = await readModelConfig(paths.base, STAGE);
  const tokenizer = await loadTokenizer(paths.base, STAGE);
  if (tokenizer.vocabularySize > vocabSize) {
    const path = "tokenizer.json";
    throw new MalformedInput(
      `${STAGE} ${path}: token ${tokenizer.vocabularySize - 1} is beyond the model's ${vocabSize} rows. Fetch the model again.`,
      { stage: STAGE, path },
    );
  }
  const template = templateFor(tokenizer, STAGE);
  const dialogues: Dialogue[] = [];
  for await (const dialogue of readJsonLines<Dialogue>(paths.dialogues, STAGE)) {
    checkWeights(dialogue, dialogues.length + 1);
    dialogues.push(dialogue);
  }
  const samplesOf = (split: Dialogue["split"]) =>
    makeSamples(
      dialogues.filter((dialogue) => dialogue.split === split),
      (dialogue) => encodeDialogue(tokenizer, template, dialogue),
      maxTokens,
    );
  return { training: samplesOf("train"), heldOut: samplesOf("heldout") };
}
