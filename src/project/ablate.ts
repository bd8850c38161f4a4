import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap, type Interval } from "../compare/measures/bootstrap.js";
import { Unavailable } from "../errors.js";
import { writeJson } from "../files.js";
import type { Run } from "../progress.js";
import { epochsFor } from "../train/equal-steps.js";
import { type DialogueLoss, heldOutLosses } from "../train/held-out-losses.js";
import { planSteps } from "../train/plan.js";
import { readSamples } from "../train/read-samples.js";
import type { TrainSettings } from "../train/settings.js";
import { train } from "../train/train.js";
import type { Trainer } from "../train/trainer.js";
import { artifactPath } from "./paths.js";
import { learntFrom } from "./road.js";

const FOLDER = "ablation";

/** One of the two trainings. Losses are nats per token of the person's real replies that were held out. */
type Side = { replies: number; epochs: number; heldOutLoss: number };

/** What `ablation.json` holds. */
export type Ablation = {
  steps: number;
  with: Side;
  without: Side;
  /** The loss with made-up turns minus that without: below zero, they help. */
  difference: number;
  /** 95 % bootstrap interval of the difference over held-out dialogues; null with fewer than five. */
  interval: Interval | null;
};

/**
 * Trains with and without the turns that a language model made up, for as many steps each, from the same first adapter,
 * and holds both against the real replies that were held out. Writes `ablation.json`; stopped, it goes on where it was.
 *
 * @throws {Unavailable} no dialogue has been completed yet
 */
export async function ablate(
  project: string,
  base: string,
  wished: TrainSettings,
  trainer: Trainer,
  run: Run = {},
): Promise<Ablation> {
  const at = (artifact: Parameters<typeof artifactPath>[1]) => artifactPath(project, artifact);
  if (learntFrom(at) !== at("augmented")) {
    throw new Unavailable(
      "augment --ablate: no dialogue has been completed yet. Run kouwen augment with --llm first.",
      { stage: "augment" },
    );
  }
  // What stops early, or replays the base's answers, would make the steps unequal.
  const settings = { ...wished, patience: 0, replayShare: 0 };
  const samplesOf = async (dialogues: string) =>
    (await readSamples({ base, dialogues }, settings.maxTokens)).training;
  const [completed, plain] = [await samplesOf(at("augmented")), await samplesOf(at("dialogues"))];
  const steps = planSteps(completed.samples, settings).steps.length;
  const sides = {
    with: { dialogues: at("augmented"), training: completed, epochs: settings.epochs },
    without: {
      dialogues: at("dialogues"),
      training: plain,
      epochs: epochsFor(plain.samples, settings, steps),
    },
  };
  const losses: Record<string, Map<string, DialogueLoss>> = {};
  for (const [name, { dialogues, epochs }] of Object.entries(sides)) {
    run.say?.(`augment: ${steps} steps ${name} made-up turns`);
    const out = join(project, FOLDER, name);
    await train({ base, dialogues, out }, { ...settings, epochs }, trainer, run);
    // Both by the same dialogues, in which nothing is made up.
    const paths = { base, dialogues: at("dialogues"), adapter: join(out, "adapter") };
    losses[name] = await heldOutLosses(paths, settings, trainer, run);
  }
  const groups = [...losses["with"]!].map(([id, one]) => [{ one, other: losses["without"]!.get(id)! }]);
  type Pair = (typeof groups)[number][number];
  const mean = (pairs: readonly Pair[], side: keyof Pair) =>
    pairs.reduce((sum, pair) => sum + pair[side].loss, 0) /
    pairs.reduce((sum, pair) => sum + pair[side].weight, 0);
  const differenceOf = (pairs: readonly Pair[]) => mean(pairs, "one") - mean(pairs, "other");
  const all = groups.flat();
  const sideOf = (name: keyof typeof sides, side: keyof Pair): Side => ({
    replies: sides[name].training.counts.replies,
    epochs: sides[name].epochs,
    heldOutLoss: mean(all, side),
  });
  const ablation: Ablation = {
    steps,
    with: sideOf("with", "one"),
    without: sideOf("without", "other"),
    difference: differenceOf(all),
    interval: bootstrap(groups, differenceOf, "ablation"),
  };
  await writeJson(join(project, "ablation.json"), "augment", ablation);
  await rm(join(project, FOLDER), { recursive: true, force: true });
  return ablation;
}
