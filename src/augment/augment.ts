import { join } from "node:path";
import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import type { Llm } from "../engines/ports.js";
import { readJsonLines, writeJson, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { stableId } from "../stable-id.js";
import { attempt, type Task } from "./attempt.js";
import { Journal } from "./journal.js";
import { rulesHash, type Rules } from "./prompt.js";
import type { AugmentReport } from "./report.js";
import type { AugmentSettings } from "./settings.js";

/** `dialogues.jsonl`, and the folder that gets `dialogues.augmented.jsonl` and `augment.json`. */
export type AugmentPaths = { dialogues: string; out: string };

/** Why dialogues are as they were. */
const NOT_ASKED = "the budget was used up";

/**
 * Has a language model complete the dialogues to train on: an opening before and some exchanges after what was really
 * said. Those held out stay as they are, and so does each for which no good answer was had.
 *
 * Whatever was answered is in the journal at once, so that an interrupted run, and the next one, ask for nothing twice.
 *
 * @throws {KouwenError} nothing more can be had from the model; what is done stays done
 */
export async function augment(
  { dialogues: path, out }: AugmentPaths,
  settings: AugmentSettings,
  { rules, llm }: { rules: Rules; llm: Llm },
  run: Run = {},
): Promise<AugmentReport> {
  const dialogues: Dialogue[] = [];
  for await (const dialogue of readJsonLines<Dialogue>(path, "augment")) dialogues.push(dialogue);
  const task: Task = { ...settings, rules, replyCharacters: longestUsualReply(dialogues) };
  const hash = rulesHash(rules, settings.mode);
  const keyOf = ({ turns }: Dialogue) =>
    stableId([llm.model, settings.mode, hash, ...turns.flatMap(({ role, text }) => [role, text])]);
  const journal = await Journal.open(join(out, "augment.journal.jsonl"));
  const report: AugmentReport = {
    model: llm.model,
    host: llm.host,
    mode: settings.mode,
    rules: hash,
    dialogues: dialogues.length,
    augmented: 0,
    kept: {},
    heldOut: 0,
    tokens: 0,
    requestedNow: 0,
    sentBytes: 0,
  };
  const keep = (why: string): void => void (report.kept[why] = (report.kept[why] ?? 0) + 1);
  const results: Turn[][] = [];
  const todo = dialogues.entries();
  let done = 0;
  const started = Date.now();
  const show = (): void => {
    done += 1;
    const perMinute = (report.requestedNow / Math.max(1, Date.now() - started)) * 60_000;
    const note = `${perMinute.toFixed(0)} a minute, ${report.tokens} tokens, ${sum(report.kept)} kept as they are`;
    run.onProgress?.({ stage: "augment", done, total: dialogues.length, unit: "dialogues", note });
  };
  // One that fails for good ends the others at their next dialogue.
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(run.signal ? [run.signal] : [])]);
  const work = async (): Promise<void> => {
    for (const [index, dialogue] of todo) {
      signal.throwIfAborted();
      results[index] = dialogue.turns;
      if (dialogue.split === "heldout") report.heldOut += 1;
      else {
        const key = keyOf(dialogue);
        const known = journal.get(key);
        const spent = settings.budgetTokens > 0 && report.tokens >= settings.budgetTokens;
        const outcome =
          known ?? (spent ? { kept: NOT_ASKED, tokens: 0 } : await attempt(dialogue, task, llm, signal));
        if (!known && !spent) {
          report.requestedNow += 1;
          report.tokens += outcome.tokens;
          if (!("failed" in outcome)) await journal.add({ key, ...outcome });
        }
        if ("turns" in outcome) {
          report.augmented += 1;
          results[index] = reweigh(outcome.turns, settings.syntheticWeight);
        } else keep("failed" in outcome ? `no answer: ${outcome.failed}` : outcome.kept);
      }
      show();
    }
  };
  const workers = Array.from({ length: settings.parallel }, () =>
    work().catch((error: unknown) => stop.abort(error)),
  );
  await Promise.all(workers);
  await journal.close();
  signal.throwIfAborted();
  report.sentBytes = llm.host === null ? 0 : llm.sentBytes;
  await writeJsonLines(
    join(out, "dialogues.augmented.jsonl"),
    "augment",
    dialogues.map((dialogue, index) => ({ ...dialogue, turns: results[index] })),
  );
  await writeJson(join(out, "augment.json"), "augment", report);
  return report;
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

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
