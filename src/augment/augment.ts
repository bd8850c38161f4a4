import { join } from "node:path";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { Llm } from "../engines/ports.js";
import { readJsonLines, writeJson, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { stableId } from "../stable-id.js";
import { askToSend } from "./ask-to-send.js";
import type { Task } from "./attempt.js";
import { askInBatches, noBatches, pendingOf } from "./batch.js";
import { BatchNotes } from "./batch-notes.js";
import { complete, type Outcome, type Work } from "./complete.js";
import { checkBudget, costOf, type Tokens } from "./cost.js";
import { estimate } from "./estimate.js";
import { Journal } from "./journal.js";
import { rulesHash } from "./prompt.js";
import type { AugmentReport } from "./report.js";
import { readRules } from "./rules.js";
import type { AugmentSettings } from "./settings.js";

/** `dialogues.jsonl`, and the folder that gets `dialogues.augmented.jsonl` and `augment.json`. */
export type AugmentPaths = { dialogues: string; out: string };

/** Where batches are noted until their answers are there. */
const BATCHES = "augment.batches.json";
const NO_TOKENS: Tokens = { promptTokens: 0, answerTokens: 0 };

/**
 * Has a language model complete the dialogues to train on: an opening before and some exchanges after what was really
 * said. Those held out stay as they are, and so does each for which no good answer was had.
 *
 * Whatever was answered is in the journal at once, so that an interrupted run, and the next one, ask for nothing twice.
 *
 * @param remember is told the host that the person let the words go to
 * @throws {MalformedInput} the words would leave this machine, and the person has not allowed it; or a limit in money
 * without a price
 * @throws {KouwenError} nothing more can be had from the model; what is done stays done
 */
export async function augment(
  { dialogues: path, out }: AugmentPaths,
  settings: AugmentSettings,
  llm: Llm,
  run: Run = {},
  remember: (host: string) => Promise<void> = async () => {},
): Promise<AugmentReport> {
  checkBudget(settings);
  if (settings.batch && !llm.batches) throw noBatches(llm.model);
  const dialogues: Dialogue[] = [];
  for await (const dialogue of readJsonLines<Dialogue>(path, "augment")) dialogues.push(dialogue);
  const task: Task = {
    ...settings,
    rules: await readRules(out),
    replyCharacters: longestUsualReply(dialogues),
  };
  const hash = rulesHash(task.rules, settings.mode);
  const keyOf = ({ turns }: Dialogue): string =>
    stableId([llm.model, settings.mode, hash, ...turns.flatMap(({ role, text }) => [role, text])]);
  const journal = await Journal.open<Outcome>(join(out, "augment.journal.jsonl"));
  try {
    const training = dialogues.filter(({ split }) => split === "train");
    const open = training.filter((one) => "repair" in (journal.get(keyOf(one)) ?? { repair: "" }));
    if (llm.host !== null && open.length > 0 && settings.sendTo !== llm.host) {
      await askToSend(llm.host, estimate(open, task), run, settings);
      await remember(llm.host);
    }
    const report: AugmentReport = { ...emptyReport(llm, settings.mode, hash), dialogues: dialogues.length };
    const empty = { asked: new Set<string>(), left: new Set<string>() };
    const work: Work = { task, settings, llm, journal, keyOf, report, run, ...empty };
    const notes = await BatchNotes.open(join(out, BATCHES));
    if (settings.batch) await askInBatches(training, work, notes);
    else if (pendingOf(new Map(training.map((one) => [keyOf(one), one])), notes, work).length > 0) {
      run.say?.("augment: a batch that was handed in is not waited for; with --batch its answers are used");
    }
    const completed = await complete(dialogues, work);
    report.cost = costOf(report, settings);
    report.sentBytes = llm.host === null ? 0 : llm.sentBytes;
    await writeJsonLines(join(out, "dialogues.augmented.jsonl"), "augment", completed);
    await writeJson(join(out, "augment.json"), "augment", report);
    return report;
  } finally {
    await journal.close();
  }
}

function emptyReport(
  { model, host }: Llm,
  mode: AugmentReport["mode"],
  rules: string,
): Omit<AugmentReport, "dialogues"> {
  return {
    model,
    host,
    mode,
    rules,
    augmented: 0,
    kept: {},
    heldOut: 0,
    ...NO_TOKENS,
    batched: { ...NO_TOKENS },
    cost: 0,
    requestedNow: 0,
    sentBytes: 0,
  };
}

/** Characters that 95 of 100 of the person's real replies do not exceed. */
function longestUsualReply(dialogues: readonly Dialogue[]): number {
  const lengths = dialogues
    .flatMap(({ turns }) => turns.filter(({ role }) => role === "assistant"))
    .map(({ text }) => [...text].length)
    .sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.95)] ?? 0;
}
