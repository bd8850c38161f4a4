import { existsSync } from "node:fs";
import { join } from "node:path";
import { MalformedInput } from "../errors.js";
import type { Score } from "../augment/score.js";
import { readJsonLines, writeJson, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { describeRhythm, type RhythmReport } from "./describe-rhythm.js";
import { type Dialogues, makeDialogues } from "./make-dialogues.js";
import { type PrivacyReport, type Protection, protect } from "./privacy/protect.js";
import { StandIns } from "./privacy/stand-ins.js";
import { countPerson, type PersonNumbers } from "./person.js";
import { readMessages } from "./read-messages.js";
import { type Reason, REASONS } from "./reasons.js";
import type { DialogueSettings } from "./settings.js";
import { heldOutTarget } from "./split.js";
import { checkPrompted } from "./system-prompt.js";

/**
 * `messages.jsonl`, and the folder that gets `dialogues.jsonl`, `ledger.jsonl` and `dialogue.json`, and in `private/`
 * what stands in for what.
 */
export type DialoguePaths = { messages: string; out: string };

/** What `dialogue.json` holds. */
export type DialogueReport = {
  /** `used` are in a dialogue, `dropped` in the ledger; no message is in both. */
  messages: { read: number; used: number; dropped: number };
  /** Messages left out, by reason, most first. */
  dropped: { reason: Reason; messages: number; why: string }[];
  /** Replies that are said so often that they carry no loss here. */
  quietened: number;
  /** What was found of private data, and what became of it. */
  private: PrivacyReport;
  dialogues: { total: number; train: number; heldout: number };
  /** How many dialogues were to be held out; fewer are where texts overlap too much. */
  heldOutTarget: number;
  /** Of each contact whose messages have times. */
  rhythms: RhythmReport[];
  person: PersonNumbers;
};

/**
 * Turns imported messages into dialogues, with a ledger of everything left out.
 *
 * @returns the report, as it stands in `dialogue.json`
 * @throws {MalformedInput} there is no message that the owner answered, or a setting is for a contact that is not there
 */
export async function dialogue(
  { messages: path, out }: DialoguePaths,
  settings: DialogueSettings,
  run: Run = {},
): Promise<DialogueReport> {
  const map = join(out, "private", "stand-ins.json");
  const standIns = await StandIns.open(map);
  // The messages as they were are kept by nobody: a million of them take half a gigabyte.
  const safe = await protect(await readMessages(path, run), { policy: settings.privacy, standIns }, run);
  const read = safe.messages.length;
  checkPrompted(settings, safe.messages);
  const scores = settings.leastScore > 0 ? await readScores(join(out, "scores.jsonl")) : new Map();
  const made = await makeDialogues(safe.messages, settings, run, { ...safe, scores });
  const report = describe(read, made, safe.report, settings);
  if (made.dialogues.length === 0) throw noDialogue(report);
  // First, so that whatever stands elsewhere is in it.
  if (settings.privacy === "stand-in") await standIns.save(map);
  await writeJsonLines(join(out, "dialogues.jsonl"), "dialogue", made.dialogues);
  await writeJsonLines(join(out, "ledger.jsonl"), "dialogue", [
    ...made.ledger,
    ...made.changes,
    ...changesOf(made, safe),
  ]);
  await writeJson(join(out, "dialogue.json"), "dialogue", report);
  run.onProgress?.({ stage: "dialogue", done: read, total: read, unit: "messages" });
  return report;
}

/** The scores of an earlier `--score`, by dialogue; none if there was none. */
async function readScores(path: string): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  if (!existsSync(path)) return scores;
  for await (const { id, score } of readJsonLines<Score>(path, "dialogue")) scores.set(id, score);
  return scores;
}

/** What was replaced in messages that are in a dialogue. */
function changesOf({ messageIds }: Dialogues, { ledger }: Protection): Protection["ledger"] {
  if (ledger.length === 0) return ledger;
  const used = new Set(messageIds.flat());
  return ledger.filter((entry) => entry.messageIds.every((id) => used.has(id)));
}

function describe(
  read: number,
  { dialogues, used, ledger, changes, rhythms }: Dialogues,
  privacy: PrivacyReport,
  { heldOut }: DialogueSettings,
): DialogueReport {
  const counts = new Map<Reason, number>();
  for (const { reason, messageIds } of ledger) {
    counts.set(reason as Reason, (counts.get(reason as Reason) ?? 0) + messageIds.length);
  }
  const dropped = [...counts]
    .map(([reason, messages]) => ({ reason, messages, why: REASONS[reason] }))
    .sort((a, b) => b.messages - a.messages || (a.reason < b.reason ? -1 : 1));
  const heldout = dialogues.filter(({ split }) => split === "heldout").length;
  return {
    messages: {
      read,
      used,
      dropped: dropped.reduce((sum, { messages }) => sum + messages, 0),
    },
    dropped,
    quietened: changes.length,
    private: privacy,
    dialogues: { total: dialogues.length, train: dialogues.length - heldout, heldout },
    heldOutTarget: heldOutTarget(dialogues.length, heldOut),
    rhythms: rhythms.map(describeRhythm),
    person: countPerson(dialogues),
  };
}

function noDialogue({ messages, dropped }: DialogueReport): MalformedInput {
  const reasons = dropped.map(({ reason, messages }) => `${messages} ${reason}`).join(", ");
  const path = "messages.jsonl";
  return new MalformedInput(
    `dialogue ${path}: none of ${messages.read} messages is answered by the owner (${reasons || "no message"}). Import chats in which you reply.`,
    { stage: "dialogue", path },
  );
}
