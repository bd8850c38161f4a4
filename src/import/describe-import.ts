import type { Chats } from "./chats-of-files.js";
import { UNKNOWN_CONTACT } from "./contacts.js";
import type { Skipped } from "./find-files.js";
import { listSkipped } from "./list-skipped.js";
import type { Owner } from "./owner.js";
import type { Recognised } from "./recognise-files.js";
import { describeOwner, type FileReport, type ImportReport } from "./report.js";
import type { SpooledFile } from "./spool-files.js";
import type { Tally } from "./tally.js";

/** The reports on files, before anything is counted as kept or as a duplicate. */
export function startReports(files: readonly SpooledFile[], chats: Chats): FileReport[] {
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
    };
  });
}

/** The report on a whole import. */
export function describeImport(
  files: readonly SpooledFile[],
  reports: readonly FileReport[],
  { companions, skipped }: Recognised,
  notFound: readonly Skipped[],
  tally: Tally,
  owner: Owner,
): ImportReport {
  const sum = (count: (report: FileReport) => number) => reports.reduce((all, one) => all + count(one), 0);
  const notSampled = {
    dialogues: sum(({ dialogues }) => dialogues) - tally.written.dialogues,
    messages: sum(({ messages }) => messages) - tally.written.messages,
  };
  const readers = new Map(reports.flatMap(({ file, readWith }) => readWith.map((label) => [label, file])));
  const report: ImportReport = {
    ...tally.written,
    read: sum(({ read }) => read),
    duplicates: tally.duplicates,
    notSampled,
    span: tally.span(),
    owner: describeOwner(owner, tally.names, tally.trainingOnly),
    kinds: Object.fromEntries([...tally.kinds].sort(([, a], [, b]) => b - a)),
    sources: Object.fromEntries(
      [...tally.sources].map(([id, counts]) => {
        return [id, { files: reports.filter(({ source }) => source === id).length, ...counts }];
      }),
    ),
    contacts: tally.contacts(),
    files: [...reports],
    companions: companions.map(({ label }) => ({ file: label, with: readers.get(label) ?? null })),
    skipped: listSkipped([...notFound, ...skipped].filter(({ file }) => !readers.has(file))),
    problems: files.flatMap(({ file, segment }) =>
      segment.tail.problems.map((problem) => ({ file: file.label, ...problem })),
    ),
  };
  checkSums(report);
  return report;
}

/** Every message that was read is somewhere. */
function checkSums({ read, messages, duplicates, notSampled }: ImportReport): void {
  if (read !== messages + duplicates.messages + notSampled.messages) {
    throw new Error(
      `internal: of ${read} messages ${messages} were written, ${duplicates.messages} were duplicates and ${notSampled.messages} not sampled`,
    );
  }
}
