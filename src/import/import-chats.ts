import { join } from "node:path";
import { type KouwenError, MalformedInput, Unsupported } from "../errors.js";
import { writeJson, writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { nameContacts, UNKNOWN_CONTACT } from "./contact-name.js";
import { Copies } from "./copies.js";
import { compareText, findFiles, readHead, type Skipped } from "./find-files.js";
import { identify } from "./identify.js";
import { contentKey } from "./content-key.js";
import { localTimeIn } from "./local-time.js";
import type { Message } from "./message.js";
import { readUnits } from "./read-units.js";
import { type ImportReport, Tally } from "./report.js";
import { Sample } from "./sample.js";
import type { ImportSettings } from "./settings.js";
import { recognise, sources } from "./sources/registry.js";
import type { ChatFile, ReadContext, Source } from "./sources/source.js";

/** What to read, and the folder that gets `messages.jsonl` and `import.json`. */
export type ImportPaths = { inputs: string[]; out: string };

/** A file whose format is known. */
type KnownFile = ChatFile & { source: Source; contact: string };

/**
 * Imports every chat that the inputs hold, of whatever known format, into one list of messages.
 *
 * A file that cannot be read, and a dialogue that makes no sense, are problems in the report; the rest goes on.
 * The same files give the same messages with the same ids in the same order, however they are named as inputs.
 *
 * @returns the report, as it stands in `import.json`
 * @throws {MalformedInput} an input does not exist, or there is no message in any of the files
 * @throws {Unsupported} none of the files is of a known format
 */
export async function importChats(
  { inputs, out }: ImportPaths,
  settings: ImportSettings,
  run: Run = {},
): Promise<ImportReport> {
  const found = await findFiles(inputs);
  const { known, skipped } = await recogniseFiles(found.files, run);
  const tally = new Tally();
  const report = () => tally.report(settings.owner, [...found.skipped, ...skipped]);
  const checked = async function* () {
    yield* importFiles(known, settings, tally, run);
    if (report().messages === 0) throw nothingFound(report());
  };
  await writeJsonLines(join(out, "messages.jsonl"), "import", checked());
  await writeJson(join(out, "import.json"), "import", report());
  return report();
}

/** The files of known formats, those that name a contact first, and why the others are none. */
async function recogniseFiles(
  files: readonly ChatFile[],
  run: Run,
): Promise<{ known: KnownFile[]; skipped: Skipped[] }> {
  const skipped: Skipped[] = [];
  const recognised: (ChatFile & { source: Source })[] = [];
  for (const file of files) {
    run.signal?.throwIfAborted();
    const head = await readHead(file).catch(() => undefined);
    const source = head && recognise(head);
    if (source) recognised.push({ ...file, source });
    else if (!head) skipped.push({ file: file.label, why: "cannot be read" });
    else skipped.push({ file: file.label, why: file.sizeBytes === 0 ? "empty" : "no known chat format" });
  }
  const contacts = nameContacts(recognised);
  const known = recognised.map((file) => ({ ...file, contact: contacts.get(file.path)! }));
  const unnamed = ({ contact }: KnownFile) => Number(contact === UNKNOWN_CONTACT);
  known.sort(
    (a, b) =>
      unnamed(a) - unnamed(b) ||
      compareText(a.contact, b.contact) ||
      compareText(a.label, b.label) ||
      compareText(a.path, b.path),
  );
  return { known, skipped };
}

/** Every message that is to be kept, in order of contact and file. */
async function* importFiles(
  files: readonly KnownFile[],
  settings: ImportSettings,
  tally: Tally,
  run: Run,
): AsyncIterable<Message> {
  const copies = new Copies(UNKNOWN_CONTACT);
  const sample = settings.sample > 0 ? new Sample(settings.sample, settings.seed) : undefined;
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  let done = 0;
  for (const file of files) {
    run.onProgress?.({ stage: "import", done, total, unit: "bytes", note: file.label });
    const report = tally.startFile(file.label, file.source.id, file.contact);
    copies.startFile();
    const context: ReadContext = {
      named: { name: file.contact, accountId: null },
      near: () => undefined,
      localTime: localTimeIn(""),
      columns: null,
      run,
    };
    for await (const found of readUnits(file, file.source, context)) {
      if (found.kind === "problem") tally.problem(report, found.place, found.what);
      else if (found.kind === "note") report.notes.push(found.what);
      else if (found.kind === "unit") {
        const { drafts } = found;
        const key = contentKey(drafts);
        const characters = drafts.reduce(
          (sum, { kind, text }) => sum + (kind === "text" ? text.length : 0),
          0,
        );
        const ordinal = copies.keep({ contact: drafts[0]!.conversation.name, key, characters });
        if (ordinal === null) {
          report.duplicates += 1;
          continue;
        }
        tally.found(report, drafts);
        const unit = identify(drafts, { source: file.source.id, key, ordinal, owner: settings.owner });
        if (sample && unit[0]!.session !== null) sample.add(unit);
        else {
          tally.written(unit);
          yield* unit;
        }
      }
    }
    done += file.sizeBytes;
  }
  for (const unit of sample?.units() ?? []) {
    tally.written(unit);
    yield* unit;
  }
  run.onProgress?.({ stage: "import", done, total, unit: "bytes" });
}

/** The one error for an import without any message: what is wrong with the first files. */
function nothingFound({ files, skipped, problems }: ImportReport): KouwenError {
  const reasons =
    files.length > 0
      ? files.map((file) => {
          const problem = problems.find((one) => one.file === file.file);
          return `${file.file}: ${problem ? `${problem.place}: ${problem.what}` : "an empty list"}`;
        })
      : skipped.map(({ file, why }) => `${file}: ${why}`);
  const shown = reasons.slice(0, 3).map((reason) => reason.replace(/\.$/, ""));
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  if (files.length > 0) {
    const what = `no message in ${files.length} chat files`;
    return new MalformedInput(
      `import inputs: ${what} (${shown.join("; ")}${more}). Export the chats again.`,
      {
        stage: "import",
      },
    );
  }
  const known = sources.map(({ label }) => label).join(", ");
  return new Unsupported(
    `import inputs: no chat export among ${skipped.length} files (${shown.join("; ")}${more}). Known: ${known}.`,
    { stage: "import" },
  );
}
