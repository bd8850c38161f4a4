import { encodeDialogue } from "../../formats/template/encode.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";
import { createRandom, shuffle } from "../../random.js";
import { countSamples, type Sample } from "../../train/sample.js";
import { encodeVote, toDialogue, type VoteSamples } from "../../train/vote-samples.js";
import { checkVotes, readVotes, type Vote } from "../../train/votes.js";
import { holdsMark } from "./conversations.js";
import { type DataPlace, idsAndLabels, type Row, type TrainingData } from "./training-data.js";

const STAGE = "train";

/** One example: a pair, or a reply that was found good or bad. */
type Example = { row: Row; expected: Row; samples: Sample[] };

/**
 * Votes as examples for DPO, a pair each, or KTO, a reply each.
 *
 * @throws {MalformedInput} a line of the file is no vote
 * @throws {LimitExceeded} too few to learn from
 */
export async function voteData({ paths, settings, template }: DataPlace): Promise<TrainingData> {
  const method = settings.method === "kto" ? "kto" : "dpo";
  const votes = await readVotes(settings.votes);
  const tokenizer = await loadTokenizer(paths.base, STAGE);
  const encoded = votes.flatMap((vote) => {
    const marked = [vote.good, vote.bad].some(
      (reply) => reply !== null && holdsMark(toDialogue(vote, reply), template),
    );
    const samples = marked
      ? null
      : encodeVote(vote, (dialogue) => encodeDialogue(tokenizer, template, dialogue), settings.maxTokens);
    return samples ?? [];
  });
  checkVotes(
    encoded.map(({ vote }) => vote),
    method,
    settings.force,
  );
  const warnings: string[] = [];
  if (encoded.length < votes.length) {
    warnings.push(
      `${votes.length - encoded.length} votes are too long, or hold a mark of the chat template in their words, and are left out.`,
    );
  }
  const examplesOf = (votes: readonly VoteSamples[]): Example[] =>
    method === "dpo" ? votes.flatMap(pair) : apart(votes);
  const ofTraining = encoded.filter(({ vote }) => !vote.heldOut);
  const order = shuffle(
    ofTraining.map((_, index) => index),
    createRandom(`votes ${settings.seed}`),
  );
  const training = examplesOf(order.map((index) => ofTraining[index]!));
  const heldOut = examplesOf(encoded.filter(({ vote }) => vote.heldOut));
  if (method === "dpo" && encoded.some(({ vote }) => vote.good === null || vote.bad === null)) {
    warnings.push(
      "DPO learns from pairs only: votes on single replies are left out. --method kto takes both.",
    );
  }
  if (heldOut.length === 0) {
    warnings.push("No vote is held out, so the last checkpoint is taken and overfitting goes unseen.");
  }
  return {
    rows: training.map(({ row }) => row),
    heldOut: heldOut.map(({ row }) => row),
    expected: training.map(({ expected }) => expected),
    columns:
      method === "dpo"
        ? { messages: "messages", chosen: "chosen", rejected: "rejected" }
        : { messages: "messages", kto_tag: "good" },
    ranking: method === "dpo",
    samples: samplesOf(training),
    heldOutSamples: samplesOf(heldOut),
    counts: { train: countSamples(samplesOf(training)), heldOut: countSamples(samplesOf(heldOut)) },
    warnings,
  };
}

function samplesOf(examples: readonly Example[]): Sample[] {
  return examples.flatMap(({ samples }) => samples);
}

function pair({ vote, good, bad }: VoteSamples): Example[] {
  if (good === null || bad === null) return [];
  const [chosen, rejected] = [idsAndLabels(good), idsAndLabels(bad)];
  return [
    {
      row: { messages: messagesOf(vote), chosen: assistant(vote.good!), rejected: assistant(vote.bad!) },
      expected: {
        chosen_input_ids: chosen.ids,
        chosen_labels: chosen.labels,
        rejected_input_ids: rejected.ids,
        rejected_labels: rejected.labels,
      },
      samples: [good, bad],
    },
  ];
}

/**
 * The good and the bad replies in turns, those of one vote far from each other: LLaMA-Factory holds each reply's question
 * against the reply before it, which must be one to something else.
 */
function apart(votes: readonly VoteSamples[]): Example[] {
  const half = Math.floor(votes.length / 2);
  return votes.flatMap((one, at) => {
    const other = votes[(at + half) % votes.length]!;
    return [...judged(one.vote, one.good, true), ...judged(other.vote, other.bad, false)];
  });
}

function judged(vote: Vote, sample: Sample | null, isGood: boolean): Example[] {
  const reply = isGood ? vote.good : vote.bad;
  if (sample === null || reply === null) return [];
  const { ids, labels } = idsAndLabels(sample);
  return [
    {
      row: { messages: [...messagesOf(vote), assistant(reply)], good: isGood },
      expected: { input_ids: ids, labels, kto_tags: isGood },
      samples: [sample],
    },
  ];
}

function messagesOf({ system, turns }: Vote): Row[] {
  const messages = turns.map(({ role, text }) => ({ role, content: text.trim() }));
  return system === null ? messages : [{ role: "system", content: system.trim() }, ...messages];
}

function assistant(reply: string): Row {
  return { role: "assistant", content: reply.trim() };
}
