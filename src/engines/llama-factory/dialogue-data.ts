import { checkData } from "../../train/check-data.js";
import { planSteps } from "../../train/plan.js";
import { readSamples } from "../../train/read-samples.js";
import { holdsMark, toConversation } from "./conversations.js";
import { type DataPlace, idsAndLabels, type TrainingData } from "./training-data.js";

/**
 * The project's dialogues, in the order in which our own trainer would take them.
 *
 * @throws {LimitExceeded} too few replies
 */
export async function dialogueData({ paths, settings, template }: DataPlace): Promise<TrainingData> {
  const { training, heldOut } = await readSamples(paths, settings.maxTokens);
  const warnings = checkData(training.counts, heldOut.counts, settings.force);
  const order = planSteps(training.samples, { ...settings, epochs: 1 }).steps.flatMap((step) => step.samples);
  const usable = order.filter((index) => !holdsMark(training.sources[index]!, template));
  if (usable.length < order.length) {
    warnings.push(
      `${order.length - usable.length} samples hold a mark of the chat template in their words and are left out.`,
    );
  }
  const samples = usable.map((index) => training.samples[index]!);
  if (samples.some(({ weights }) => weights.some((weight) => weight !== 0 && weight !== 1))) {
    warnings.push("LLaMA-Factory knows no weights: replies with one of their own count like all others.");
  }
  const unseen = heldOut.sources.filter((dialogue) => !holdsMark(dialogue, template));
  return {
    rows: usable.map((index) => toConversation(training.sources[index]!, template)),
    heldOut: unseen.map((dialogue) => toConversation(dialogue, template)),
    expected: samples.map((sample) => {
      const { ids, labels } = idsAndLabels(sample);
      return { input_ids: ids, labels };
    }),
    columns: { messages: "messages" },
    ranking: false,
    samples,
    heldOutSamples: heldOut.samples,
    counts: { train: training.counts, heldOut: heldOut.counts },
    warnings,
  };
}
