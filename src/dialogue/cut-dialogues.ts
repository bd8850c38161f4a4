import { join } from "node:path";
import { MalformedInput } from "../errors.js";
import { readJsonLines, writeJson, writeJsonLines } from "../files.js";
import type { Message } from "../import/message.js";
import type { Run } from "../progress.js";
import { describeRhythm, type RhythmReport } from "./describe-rhythm.js";
import { type Dialogues, makeDialogues } from "./make-dialogues.js";
import { countPerson, type PersonNumbers } from "./person.js";
import { type Reason, REASONS } from "./reasons.js";
import type { DialogueSettings } from "./settings.js";
import { heldOutTarget } from "./split.js";

/** `messages.jsonl`, and the folder that gets `dialogues.jsonl`, `ledger.jsonl` and `dialogue.json`. */
export type DialoguePaths = { messages: string; out: string };

/** What `dialogue.json` holds. */
export type DialogueReport = {
  /** `used` are in a dialogue, `dropped` in the ledger; no message is in both. */
  messages: { read: number; used: number; dropped: number };
  /** Messages left out, by reason, most first. */
  dropped: { reason: Reason; messages: number; why: string }[];
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
 * @throws {MalformedInput} there is no message that the owner answered
 */
export async function dialogue(
  { messages: path, out }: DialoguePaths,
  settings: DialogueSettings,
  run: Run = {},
): Promise<DialogueReport> {
  const messages: Message[] = [];
  for await (const message of readJsonLines<Message>(path, "dialogue")) {
    messages.push(message);
    if (messages.length % 10_000 === 0) {
      run.signal?.throwIfAborted();
      run.onProgress?.({ stage: "dialogue", done: messages.length, total: 0, unit: "messages" });
    }
  }
  run.signal?.throwIfAborted();
  const made = await makeDialogues(messages, settings, run);
  const report = describe(messages.length, made, settings);
  if (made.dialogues.length === 0) throw noDialogue(report);
  await writeJsonLines(join(out, "dialogues.jsonl"), "dialogue", made.dialogues);
  await writeJsonLines(join(out, "ledger.jsonl"), "dialogue", made.ledger);
  await writeJson(join(out, "dialogue.json"), "dialogue", report);
  run.onProgress?.({ stage: "dialogue", done: messages.length, total: messages.length, unit: "messages" });
  return report;
}

function describe(
  read: number,
  { dialogues, messageIds, ledger, rhythms }: Dialogues,
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
      used: new Set(messageIds.flat()).size,
      dropped: dropped.reduce((sum, { messages }) => sum + messages, 0),
    },
    dropped,
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
