import type { Dialogue } from "../dialogue/dialogue.js";
import type { LlmAnswer, LlmBatches, LlmRequest } from "../engines/ports.js";
import { Unavailable, Unsupported } from "../errors.js";
import { stableId } from "../stable-id.js";
import { judge, requestFor } from "./attempt.js";
import type { BatchNote, BatchNotes } from "./batch-notes.js";
import { noteAsked, settle, type Work } from "./complete.js";
import { costText, isPassed, type Tokens, usedOf } from "./cost.js";
import { estimate, tokensOf } from "./estimate.js";

/**
 * Asks about all open dialogues in batches and waits for the answers; those that do are in the journal then, and so is
 * what is wrong with the others. What has no answer stays open.
 *
 * A batch is noted in the project before it is handed in, so that a run that was killed fetches its answers and hands in
 * nothing twice. Dialogues that a budget has no room for are put among those to be left.
 *
 * @throws {Unsupported} the model takes no batches
 * @throws {Unavailable} a batch ended without an answer, or is not known any more
 */
export async function askInBatches(
  dialogues: readonly Dialogue[],
  work: Work,
  notes: BatchNotes,
): Promise<void> {
  const { llm, run, keyOf } = work;
  const { batches } = llm;
  if (!batches) throw noBatches(llm.model);
  const byKey = new Map(dialogues.map((one) => [keyOf(one), one]));
  await findCreated(byKey, batches, work, notes);
  await handIn(byKey, batches, work, notes);
  const waiting = pendingOf(byKey, notes, work);
  for (const [index, note] of waiting.entries()) {
    const which = waiting.length > 1 ? `batch ${index + 1} of ${waiting.length}` : "batch";
    await collect(note, which, byKey, batches, work, notes).catch((error: unknown) => {
      if (run.signal?.aborted)
        run.say?.("augment: the batch goes on without us; the same command fetches its answers");
      throw error;
    });
  }
}

/** What is thrown where a model takes no batches. */
export function noBatches(model: string): Unsupported {
  return new Unsupported(
    `augment --batch: ${model} runs on this machine, where there are no batches. Run without --batch.`,
    { stage: "augment" },
  );
}

/** Batches whose answers are still wanted: some dialogue of theirs is there, and not in the journal. */
export function pendingOf(
  byKey: ReadonlyMap<string, Dialogue>,
  notes: BatchNotes,
  { llm, journal }: Pick<Work, "llm" | "journal">,
): BatchNote[] {
  return notes.of(llm).filter(({ keys }) => keys.some((key) => byKey.has(key) && !journal.get(key)));
}

/** Looks for batches whose start was noted, but not that it was a success; a note of none that is there goes. */
async function findCreated(
  byKey: ReadonlyMap<string, Dialogue>,
  batches: LlmBatches,
  work: Work,
  notes: BatchNotes,
): Promise<void> {
  for (const note of pendingOf(byKey, notes, work)) {
    if (note.id !== undefined) continue;
    const id = await batches.find(note.name, work.run.signal);
    await (id === undefined ? notes.drop(note) : notes.keep({ ...note, id }));
  }
}

async function handIn(
  byKey: ReadonlyMap<string, Dialogue>,
  batches: LlmBatches,
  work: Work,
  notes: BatchNotes,
): Promise<void> {
  const { llm, run, settings } = work;
  const chosen = choose(byKey, work, pendingOf(byKey, notes, work));
  if (chosen.size === 0) return;
  const parts = batches.cut(
    new Map([...chosen].map(([key, dialogue]) => [key, requestFor(dialogue, work.task)])),
  );
  const { dialogues, ...tokens } = estimate([...chosen.values()], work.task);
  const about = `about ${tokens.promptTokens + tokens.answerTokens} tokens${costText(usedOf(tokens, true), settings)}`;
  const many = parts.length === 1 ? "a batch" : `${parts.length} batches`;
  run.say?.(`augment: ${dialogues} dialogues go in ${many}, at half the price: ${about}`);
  for (const requests of parts) {
    run.signal?.throwIfAborted();
    const keys = [...requests.keys()];
    const note: BatchNote = { name: stableId(keys), host: llm.host, model: llm.model, keys };
    await notes.keep(note);
    try {
      await notes.keep({ ...note, id: await batches.create(requests, note.name, run.signal) });
    } catch (error) {
      if (error instanceof Unsupported) await notes.drop(note);
      throw error;
    }
  }
}

/** Open dialogues that nothing was asked about yet, as many as the budget has room for; the others are left. */
function choose(
  byKey: ReadonlyMap<string, Dialogue>,
  { task, settings, journal, left }: Work,
  pending: readonly BatchNote[],
): Map<string, Dialogue> {
  const handedIn = new Set(pending.flatMap(({ keys }) => keys));
  const total: Tokens = { promptTokens: 0, answerTokens: 0 };
  const chosen = new Map<string, Dialogue>();
  const add = (dialogue: Dialogue): void => {
    const { promptTokens, answerTokens } = estimate([dialogue], task);
    total.promptTokens += promptTokens;
    total.answerTokens += answerTokens;
  };
  for (const key of handedIn) {
    const dialogue = byKey.get(key);
    if (dialogue) add(dialogue);
  }
  for (const [key, dialogue] of byKey) {
    if (journal.get(key) || handedIn.has(key)) continue;
    if (left.size === 0) add(dialogue);
    if (left.size > 0 || isPassed(usedOf(total, true), settings)) left.add(key);
    else chosen.set(key, dialogue);
  }
  return chosen;
}

async function collect(
  note: BatchNote,
  which: string,
  byKey: ReadonlyMap<string, Dialogue>,
  batches: LlmBatches,
  work: Work,
  notes: BatchNotes,
): Promise<void> {
  const { llm, journal, task, report, run } = work;
  const onProgress = (done: number, total: number): void => {
    const answered = `${which} ${done}/${total} answered`;
    run.onProgress?.({ stage: "augment", done, total, unit: "answers", note: answered });
  };
  const answers = await batches.collect(note.id!, onProgress, run.signal);
  const host = llm.host ?? "this machine";
  const refuse = async (what: string): Promise<never> => {
    await notes.drop(note);
    throw new Unavailable(
      `augment ${host}: ${what}. Run again to hand its dialogues in once more, or without --batch.`,
      { stage: "augment" },
    );
  };
  if (answers === undefined) return refuse("the batch is not known there any more");
  if (answers.size === 0) return refuse("the batch ended without a single answer");
  let without = 0;
  for (const key of note.keys) {
    const dialogue = byKey.get(key);
    if (!dialogue || journal.get(key)) continue;
    const answer = answers.get(key);
    if (!answer || "failed" in answer) {
      without += 1;
      continue;
    }
    noteAsked(key, work);
    const judged = judge(dialogue, task, withTokens(answer, requestFor(dialogue, task)));
    report.batched.promptTokens += judged.tokens.promptTokens;
    report.batched.answerTokens += judged.tokens.answerTokens;
    await settle(key, judged, true, work);
  }
  await notes.drop(note);
  if (without > 0)
    run.say?.(
      `augment: ${without} of ${note.keys.length} have no answer in the batch; they are asked singly`,
    );
}

/** So that a budget holds for services, too, that do not tell what was used. */
function withTokens(answer: LlmAnswer, { system, user }: LlmRequest): LlmAnswer {
  if (answer.promptTokens + answer.answerTokens > 0) return answer;
  return {
    ...answer,
    promptTokens: tokensOf(system) + tokensOf(user),
    answerTokens: tokensOf(answer.text),
  };
}
