import type { Chats } from "./chats-of-files.js";
import { type Contact, UNKNOWN_CONTACT } from "./contacts.js";
import type { Skipped } from "./find-files.js";
import { isNamedAfter } from "./forgotten.js";
import { listSkipped } from "./list-skipped.js";
import type { Owner } from "./owner.js";
import type { Recognised } from "./recognise-files.js";
import { describeOwner, type FileReport, type ImportReport } from "./report.js";
import type { SpooledFile } from "./spool-files.js";
import type { Tally } from "./tally.js";

/** A report on a file that goes into the whole one, unless all chats in it are to be forgotten. */
export type StartedReport = FileReport & { isForgotten: boolean };

/** The reports on files, before anything is counted as kept or as a duplicate. */
export function startReports(
  files: readonly SpooledFile[],
  chats: Chats,
  forgotten: ReadonlySet<number>,
): StartedReport[] {
  return files.map(({ file, source, segment: { tail } }, number) => {
    const held = new Set(tail.speakers.map((_, speaker) => chats.contactOf(number, speaker)));
    const [only] = held;
    const one = only === undefined ? tail.named.name || UNKNOWN_CONTACT : chats.contacts[only]!.name;
    return {
      file: file.label,
      source: source.id,
      contact: held.size > 1 ? null : one,
      read: tail.messages,
      dialogues: 0,
      messages: 0,
      duplicates: { dialogues: 0, messages: 0 },
      problems: tail.problemCount,
      notes: tail.notes,
      readWith: tail.looked.flatMap(({ label }) => label ?? []),
      isForgotten: held.size > 0 && [...held].every((contact) => forgotten.has(contact)),
    };
  });
}

/** The report on a whole import. */
export function describeImport(
  files: readonly SpooledFile[],
  started: readonly StartedReport[],
  { companions, skipped }: Recognised,
  notFound: readonly Skipped[],
  tally: Tally,
  owner: Owner,
  forgotten: readonly Contact[],
): ImportReport {
  const sum = (count: (report: FileReport) => number) => started.reduce((all, one) => all + count(one), 0);
  const reports = started.filter(({ isForgotten }) => !isForgotten).map(withoutMark);
  const tells = ({ file }: { file: string }): boolean => !isNamedAfter(file, forgotten);
  const notSampled = {
    dialogues: sum(({ dialogues }) => dialogues) - tally.written.dialogues,
    messages: sum(({ messages }) => messages) - tally.written.messages,
  };
  const readers = new Map(started.flatMap(({ file, readWith }) => readWith.map((label) => [label, file])));
  const unread = [...notFound, ...skipped].filter((one) => !readers.has(one.file) && tells(one));
  const report: ImportReport = {
    ...tally.written,
    read: sum(({ read }) => read),
    duplicates: tally.duplicates,
    notSampled,
    forgotten: { contacts: forgotten.length, ...tally.forgotten },
    span: tally.span(),
    owner: describeOwner(owner, tally.names, tally.trainingOnly),
    kinds: Object.fromEntries([...tally.kinds].sort(([, a], [, b]) => b - a)),
    sources: Object.fromEntries(
      [...tally.sources].map(([id, counts]) => {
        return [id, { files: reports.filter(({ source }) => source === id).length, ...counts }];
      }),
    ),
    contacts: tally.contacts(),
    files: reports,
    companions: companions
      .map(({ label }) => ({ file: label, with: readers.get(label) ?? null }))
      .filter((one) => tells(one) && (one.with === null || reports.some(({ file }) => file === one.with))),
    unread: unread.filter(({ harmless }) => !harmless).length,
    skipped: listSkipped(unread),
    problems: files.flatMap(({ file, segment }, number) =>
      started[number]!.isForgotten
        ? []
        : segment.tail.problems.map((problem) => ({ file: file.label, ...problem })),
    ),
  };
  checkSums(report);
  return report;
}

function withoutMark(started: StartedReport): FileReport {
  const { isForgotten: _, ...report } = started;
  return report;
}

/** Every message that was read is somewhere. */
function checkSums({ read, messages, duplicates, notSampled, forgotten }: ImportReport): void {
  if (read !== messages + duplicates.messages + notSampled.messages + forgotten.messages) {
    throw new Error(
      `internal: of ${read} messages ${messages} were written, ${duplicates.messages} were duplicates, ${notSampled.messages} not sampled and ${forgotten.messages} forgotten`,
    );
  }
}
