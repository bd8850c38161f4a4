import { join } from "node:path";
import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm } from "../engines/ports.js";
import { readJsonLines, writeJson, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { stableId } from "../stable-id.js";
import { askToSend } from "./ask-to-send.js";
import { type Attempted, attempt, type Task } from "./attempt.js";
import { checkBudget, costOf, costText, isUsedUp, type Tokens } from "./cost.js";
import { estimate } from "./estimate.js";
import { inParallel } from "./in-parallel.js";
import { Journal } from "./journal.js";
import { rulesHash } from "./prompt.js";
import type { AugmentReport } from "./report.js";
import { readRules } from "./rules.js";
import type { AugmentSettings } from "./settings.js";

/** `dialogues.jsonl`, and the folder that gets `dialogues.augmented.jsonl` and `augment.json`. */
export type AugmentPaths = { dialogues: string; out: string };

/** What became of one fragment: the turns that take its place, or why it stays as it is. */
type Outcome = { key: string; tokens: Tokens } & ({ turns: Turn[] } | { kept: string });

/** Why a dialogue was not asked about. */
const BUDGET = "the budget was used up";
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
    const open = dialogues.filter((one) => one.split === "train" && !journal.get(keyOf(one)));
    if (llm.host !== null && open.length > 0 && settings.sendTo !== llm.host) {
      await askToSend(llm.host, estimate(open, task), run);
      await remember(llm.host);
    }
    const report: AugmentReport = { ...emptyReport(llm, settings.mode, hash), dialogues: dialogues.length };
    const completed = await complete(dialogues, { task, settings, llm, journal, keyOf, report, run });
    report.cost = costOf(report, settings);
    report.sentBytes = llm.host === null ? 0 : llm.sentBytes;
    await writeJsonLines(join(out, "dialogues.augmented.jsonl"), "augment", completed);
    await writeJson(join(out, "augment.json"), "augment", report);
    return report;
  } finally {
    await journal.close();
  }
}

type Work = {
  task: Task;
  settings: AugmentSettings;
  llm: Llm;
  journal: Journal<Outcome>;
  /** What stands for a dialogue in the journal. */
  keyOf: (dialogue: Dialogue) => string;
  /** Is added to. */
  report: AugmentReport;
  run: Run;
};

/** All dialogues in their order, completed where that was possible; `parallel` requests at a time. */
async function complete(dialogues: readonly Dialogue[], work: Work): Promise<Dialogue[]> {
  const { settings, report, run } = work;
  const results = [...dialogues];
  const started = Date.now();
  let done = 0;
  await inParallel(dialogues, settings.parallel, run.signal, async (dialogue, index, signal) => {
    if (dialogue.split === "heldout") report.heldOut += 1;
    else {
      const outcome = await completeOne(dialogue, work, signal);
      if ("turns" in outcome) {
        report.augmented += 1;
        results[index] = { ...dialogue, turns: reweigh(outcome.turns, settings.syntheticWeight) };
      } else {
        const why = "failed" in outcome ? `no answer: ${outcome.failed}` : outcome.kept;
        report.kept[why] = (report.kept[why] ?? 0) + 1;
      }
    }
    done += 1;
    const perMinute = (report.requestedNow / Math.max(1, Date.now() - started)) * 60_000;
    const note = `${perMinute.toFixed(0)} a minute, ${report.promptTokens + report.answerTokens} tokens${costText(report, settings)}, ${report.augmented} completed`;
    run.onProgress?.({ stage: "augment", done, total: dialogues.length, unit: "dialogues", note });
  });
  return results;
}

async function completeOne(
  dialogue: Dialogue,
  { task, settings, llm, journal, keyOf, report }: Work,
  signal: AbortSignal,
): Promise<Attempted> {
  const key = keyOf(dialogue);
  const known = journal.get(key);
  if (known) return known;
  if (isUsedUp(report, settings)) return { kept: BUDGET, tokens: NO_TOKENS };
  report.requestedNow += 1;
  const outcome = await attempt(dialogue, task, llm, signal);
  report.promptTokens += outcome.tokens.promptTokens;
  report.answerTokens += outcome.tokens.answerTokens;
  if (!("failed" in outcome)) await journal.add({ key, ...outcome });
  return outcome;
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
    cost: 0,
    requestedNow: 0,
    sentBytes: 0,
  };
}

/** The journal holds what was made; how much it counts may have been decided anew since. */
function reweigh(turns: readonly Turn[], weight: number): Turn[] {
  return turns.map((turn) => (turn.origin === "real" || turn.role === "user" ? turn : { ...turn, weight }));
}

/** Characters that 95 of 100 of the person's real replies do not exceed. */
function longestUsualReply(dialogues: readonly Dialogue[]): number {
  const lengths = dialogues
    .flatMap(({ turns }) => turns.filter(({ role }) => role === "assistant"))
    .map(({ text }) => [...text].length)
    .sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.95)] ?? 0;
}
