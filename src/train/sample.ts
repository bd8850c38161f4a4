import type { Dialogue } from "../dialogue/dialogue.js";
import type { EncodedDialogue } from "../formats/template/encode.js";
import { countReplies, cutDialogue, type EncodeDialogue } from "./cut.js";

/** What one dialogue, or one part of a long one, gives to training. */
export type Sample = {
  dialogueId: string;
  /** Tokens as far as the last one that carries loss. */
  ids: Int32Array;
  /** As long as `ids`; not negative. */
  weights: Float32Array;
  /** Replies that end in it and carry loss. */
  replies: number;
};

/** The summed weight of all their targets, by which a mean loss is divided. */
export function lossWeight(samples: readonly Sample[]): number {
  let sum = 0;
  for (const { weights } of samples) for (const weight of weights) sum += weight;
  return sum;
}

/** How dialogues became samples. Every reply with a weight above 0 is a target in one sample, or counted as too long. */
export type SampleCounts = {
  dialogues: number;
  samples: number;
  /** Replies that carry loss. */
  replies: number;
  tokens: number;
  /** Tokens that carry loss. */
  targets: number;
  /** Dialogues longer than the limit, cut into parts that repeat some context. */
  cutDialogues: number;
  /** Exchanges that are longer than the limit alone; their questions lost their start. */
  cutExchanges: number;
  /** Replies left out because not even the end of their question fits beside them. */
  tooLongReplies: number;
  /** Dialogues in which nothing carries loss. */
  withoutLoss: number;
};

const NONE: SampleCounts = {
  dialogues: 0,
  samples: 0,
  replies: 0,
  tokens: 0,
  targets: 0,
  cutDialogues: 0,
  cutExchanges: 0,
  tooLongReplies: 0,
  withoutLoss: 0,
};

/**
 * Samples of at most `maxTokens` tokens; longer dialogues are cut into parts.
 *
 * @returns also what each sample was encoded from, at the same index
 */
export function makeSamples(
  dialogues: Iterable<Dialogue>,
  encode: EncodeDialogue,
  maxTokens: number,
): { samples: Sample[]; sources: Dialogue[]; counts: SampleCounts } {
  const samples: Sample[] = [];
  const sources: Dialogue[] = [];
  const counts = { ...NONE };
  for (const dialogue of dialogues) {
    counts.dialogues += 1;
    if (countReplies(dialogue) === 0) {
      counts.withoutLoss += 1;
      continue;
    }
    const whole = encode(dialogue);
    if (whole.ids.length <= maxTokens) {
      samples.push(toSample(dialogue.id, whole, countReplies(dialogue)));
      sources.push(dialogue);
      continue;
    }
    counts.cutDialogues += 1;
    for (const part of cutDialogue(dialogue, encode, maxTokens)) {
      const { encoded, shortened, replies } = part;
      if (encoded === null) counts.tooLongReplies += replies;
      else {
        if (shortened) counts.cutExchanges += 1;
        samples.push(toSample(dialogue.id, encoded, replies));
        sources.push(part.dialogue);
      }
    }
  }
  const { replies, tokens, targets } = countSamples(samples);
  return { samples, sources, counts: { ...counts, samples: samples.length, replies, tokens, targets } };
}

/** Counts of samples that are whole dialogues. */
export function countSamples(samples: readonly Sample[]): SampleCounts {
  const counts = { ...NONE, dialogues: samples.length, samples: samples.length };
  for (const { ids, weights, replies } of samples) {
    counts.replies += replies;
    counts.tokens += ids.length;
    for (const weight of weights) if (weight > 0) counts.targets += 1;
  }
  return counts;
}

/** A sample of encoded tokens, as far as the last one that carries loss. */
export function toSample(dialogueId: string, { ids, weights }: EncodedDialogue, replies: number): Sample {
  const end = weights.findLastIndex((weight) => weight > 0) + 1;
  if (ids.length !== weights.length || end < 2 || weights[0] !== 0) {
    throw new TypeError(
      `internal: ${ids.length} ids and ${weights.length} weights, the last above 0 at ${end - 1}`,
    );
  }
  return {
    dialogueId,
    ids: Int32Array.from(ids.slice(0, end)),
    weights: Float32Array.from(weights.slice(0, end)),
    replies,
  };
}
