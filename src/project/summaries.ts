import type { AugmentReport } from "../augment/report.js";
import type { Comparison } from "../compare/comparison.js";
import type { DialogueReport } from "../dialogue/cut-dialogues.js";
import type { ImportReport } from "../import/report.js";
import { sources } from "../import/sources/registry.js";
import type { QuantizedFile } from "../quantize/quantize.js";
import type { TrainReport } from "../train/report.js";

/** What a stage says of its result: in the terminal, in the log and with `--json`. Never names or chat text. */
export type Summary = {
  /** One line for people. */
  note: string;
  /** What went less well than it should; a line each. */
  warnings?: string[];
} & Record<string, unknown>;

/** Summarises an import; what could not be read is named in `import.json`. */
export function summariseImport(report: ImportReport): Summary {
  const { dialogues, messages, read, unread } = report;
  const duplicates = report.duplicates.messages;
  const problems = report.files.reduce((sum, file) => sum + file.problems, 0);
  const contacts = report.contacts.length;
  const forgotten = report.forgotten.contacts;
  const counts = [count(messages, "message"), count(contacts, "contact")];
  if (dialogues > 0) counts.push(count(dialogues, "dialogue"));
  if (duplicates > 0) counts.push(`${count(duplicates, "duplicate")} left out`);
  if (forgotten > 0) counts.push(`${count(forgotten, "contact")} forgotten`);
  const note = `${counts.join(", ")}; ${formatsOf(report)}`;
  const warnings: string[] = [];
  if (unread > 0) warnings.push(`${count(unread, "file")} not read; import.json says which and why`);
  if (problems > 0)
    warnings.push(`${count(problems, "place")} in the files made no sense; import.json says where`);
  return { note, warnings, read, messages, dialogues, contacts, duplicates, forgotten, unread, problems };
}

/** How the files were read: the likeliest thing to be wrong is that. */
function formatsOf(report: ImportReport): string {
  const ids = Object.keys(report.sources);
  const labels = sources.filter(({ id }) => ids.includes(id)).map(({ label }) => label);
  return `read as ${labels.length > 3 ? `${labels.length} formats` : labels.join(", ")}`;
}

/** Summarises the cutting into dialogues. */
export function summariseDialogue(report: DialogueReport): Summary {
  const { dialogues, messages, person } = report;
  const { train, heldout } = dialogues;
  const { replies, medianReplyCharacters } = person;
  const note = `${count(replies, "reply", "replies")} of ${medianReplyCharacters} characters (median); ${count(train, "dialogue")} to train on, ${heldout} held out; ${count(messages.dropped, "message")} dropped (ledger.jsonl)${privacyNote(report.private)}`;
  return { note, replies, medianReplyCharacters, train, heldout, ...messages, private: report.private };
}

const DONE_WITH = { "stand-in": "replaced", mask: "masked", drop: "found", off: "" };

/** How much private data was found, by type. */
function privacyNote({ policy, kinds }: DialogueReport["private"]): string {
  if (policy === "off") return "; private data left as it is";
  const found = kinds.map(({ kind, found }) => `${found} ${kind}`).join(", ");
  return found === "" ? "; no private data found" : `; private data ${DONE_WITH[policy]}: ${found}`;
}

/** Summarises an augmentation. */
export function summariseAugment(report: AugmentReport): Summary {
  const { augmented, kept, promptTokens, answerTokens, cost, sentBytes, host, model } = report;
  const asIs = Object.values(kept).reduce((sum, many) => sum + many, 0);
  const where = host === null ? "nothing left this machine" : `${sentBytes} bytes sent to ${host}`;
  const note = `${count(augmented, "dialogue")} completed by ${model}, ${asIs} kept as they are; ${count(promptTokens + answerTokens, "token")}${cost > 0 ? `, cost ${cost.toFixed(4)}` : ""}, ${where}`;
  const warnings = Object.entries(kept)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([why, many]) => `${many} kept: ${why}`);
  return { note, warnings, augmented, kept, promptTokens, answerTokens, cost, sentBytes };
}

/** Summarises a training. */
export function summariseTrain(report: TrainReport): Summary {
  const { steps, heldOutLoss, tokensPerSecond, trainingSeconds, peakMemoryGib, warnings } = report;
  const losses = heldOutLoss
    ? `held-out loss ${heldOutLoss.start.toFixed(2)} → ${heldOutLoss.best.toFixed(2)}`
    : `loss ${report.loss.first.toFixed(2)} → ${report.loss.last.toFixed(2)}`;
  const { preference } = report;
  const { margin = null } = preference ?? {};
  const learnt = preference
    ? `${preference.method} on ${count(report.data.train.replies, "judged reply", "judged replies")}: `
    : "";
  const note = `${learnt}${losses} in ${steps.done} steps, best at ${steps.best}${margin === null ? "" : `, margin ${margin.toFixed(2)}`}; ${Math.round(tokensPerSecond)} tokens/s, ${peakMemoryGib.toFixed(1)} GiB`;
  return {
    note,
    warnings,
    steps,
    loss: report.loss,
    heldOutLoss,
    tokensPerSecond,
    trainingSeconds,
    peakMemoryGib,
  };
}

/** Summarises quantized files: size, true bits per weight, and which types they hold. */
export function summariseQuantize({ files }: { files: QuantizedFile[] }): Summary {
  const note = files
    .map(({ file, sizeMb, bitsPerWeight }) => `${file} ${sizeMb} MB, ${bitsPerWeight} bits a weight`)
    .join("; ");
  const warnings = files.flatMap(({ file, remark }) => (remark === undefined ? [] : [`${file}: ${remark}`]));
  return { note, warnings, files };
}

/** Summarises a comparison. */
export function summariseCompare({ systems, effects }: Comparison): Summary {
  const { base, f16, real } = systems;
  const nllChange = effects.tuning.nllChange.value;
  const note = `median reply: stock ${base.medianReplyChars}, tuned ${f16.medianReplyChars}, real ${real.medianReplyChars} characters; surprise at real replies ${(nllChange * 100).toFixed(0)} %`;
  return { note, nllChange };
}

function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`;
}
