import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm, LlmFailure } from "../engines/ports.js";
import type { Run } from "../progress.js";
import { attempt, type Judged, type Task } from "./attempt.js";
import { costText, isUsedUp, type Tokens } from "./cost.js";
import { inParallel } from "./in-parallel.js";
import type { Journal } from "./journal.js";
import type { AugmentReport } from "./report.js";
import type { AugmentSettings } from "./settings.js";
import { shortReasons } from "./short-reason.js";

/**
 * What is known of a fragment: the turns that take its place, or why it stays as it is, or what is wrong with a first
 * answer that a second one is to repair. `tokens`: what this answer took.
 */
export type Outcome = { key: string; tokens: Tokens } & (
  | { turns: Turn[] }
  | { kept: string }
  | { repair: string }
);

/** What completing dialogues needs. */
export type Work = {
  task: Task;
  settings: AugmentSettings;
  llm: Llm;
  journal: Journal<Outcome>;
  /** What stands for a dialogue in the journal. */
  keyOf: (dialogue: Dialogue) => string;
  /** Is added to. */
  report: AugmentReport;
  /** Keys of what was asked about in this run. */
  asked: Set<string>;
  /** Keys of what is not to be asked about, since a budget has no room for it. */
  left: Set<string>;
  run: Run;
};

/** Why a dialogue was not asked about. */
const BUDGET = "the budget was used up";

/** All dialogues in their order, completed where that was possible; `parallel` requests at a time. */
export async function complete(dialogues: readonly Dialogue[], work: Work): Promise<Dialogue[]> {
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
    const kept = shortReasons(report.kept);
    const note = `${perMinute.toFixed(0)} a minute, ${report.promptTokens + report.answerTokens} tokens${costText(report, settings)}, ${report.augmented} completed${kept === "" ? "" : `, ${kept}`}`;
    run.onProgress?.({ stage: "augment", done, total: dialogues.length, unit: "dialogues", note });
  });
  return results;
}

/** Asks about one dialogue; once more, with what was wrong, if the answer does not do. */
async function completeOne(
  dialogue: Dialogue,
  work: Work,
  signal: AbortSignal,
): Promise<Exclude<Outcome, { repair: string }> | { kept: string } | LlmFailure> {
  const { task, settings, llm, journal, keyOf, report, left } = work;
  const key = keyOf(dialogue);
  const known = journal.get(key);
  if (known && !("repair" in known)) return known;
  if (left.has(key) || isUsedUp(report, settings)) return { kept: BUDGET };
  noteAsked(key, work);
  let problem = known?.repair;
  for (;;) {
    const answer = await attempt(dialogue, task, llm, problem, signal);
    if ("failed" in answer) return answer;
    const outcome = await settle(key, answer, problem === undefined, work);
    if (!("repair" in outcome)) return outcome;
    problem = outcome.repair;
  }
}

/** Counts a dialogue as asked about in this run, once. */
export function noteAsked(key: string, { asked, report }: Work): void {
  asked.add(key);
  report.requestedNow = asked.size;
}

/**
 * Counts an answer and notes it in the journal at once: it is paid for, whatever becomes of the request that repairs it.
 *
 * @param mayRepair whether a second answer is to be asked for if this one does not do
 */
export async function settle(
  key: string,
  { tokens, ...judged }: Judged,
  mayRepair: boolean,
  { journal, report }: Work,
): Promise<Outcome> {
  report.promptTokens += tokens.promptTokens;
  report.answerTokens += tokens.answerTokens;
  const { problem, turns } = { problem: "", turns: undefined, ...judged };
  const found = turns ? { turns } : mayRepair ? { repair: problem } : { kept: problem };
  const outcome: Outcome = { key, tokens, ...found };
  await journal.add(outcome);
  return outcome;
}

/** The journal holds what was made; how much it counts may have been decided anew since. */
function reweigh(turns: readonly Turn[], weight: number): Turn[] {
  return turns.map((turn) => (turn.origin === "real" || turn.role === "user" ? turn : { ...turn, weight }));
}
