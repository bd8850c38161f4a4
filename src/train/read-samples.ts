import type { Dialogue } from "../dialogue/dialogue.js";
import { readJsonLines } from "../files.js";
import { templateFor } from "../formats/template/chat-template.js";
import { encodeDialogue } from "../formats/template/encode.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { checkWeights } from "./check-data.js";
import { makeSamples, type Sample, type SampleCounts } from "./sample.js";

const STAGE = "train";

type Samples = { samples: Sample[]; counts: SampleCounts };

/**
 * Dialogues encoded as the served model will see them, by split.
 *
 * @throws {MalformedInput} a turn's weight is impossible
 */
export async function readSamples(
  paths: { base: string; dialogues: string },
  maxTokens: number,
): Promise<{ training: Samples; heldOut: Samples }> {
  const tokenizer = await loadTokenizer(paths.base, STAGE);
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
