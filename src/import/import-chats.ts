import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../files.js";
import type { Run } from "../progress.js";
import { type Chats, chatsOf } from "./chats-of-files.js";
import { describeImport, startReports } from "./describe-import.js";
import { findFiles } from "./find-files.js";
import { findForgotten, spellForgotten } from "./forgotten.js";
import { Neighbours } from "./neighbours.js";
import { nothingFound } from "./nothing-found.js";
import { loadIndex, type MessageIndex } from "./order.js";
import { findOwner } from "./owner.js";
import { Pointed } from "./pointed.js";
import { recogniseFiles } from "./recognise-files.js";
import type { ImportReport } from "./report.js";
import { Sample } from "./sample.js";
import type { ImportSettings } from "./settings.js";
import { spoolFiles, type SpooledFile } from "./spool-files.js";
import { Tally } from "./tally.js";
import { joinList, splitList } from "./text-list.js";
import { writeMessages } from "./write-messages.js";

/** What to read, and the folder that gets `messages.jsonl` and `import.json`. */
export type ImportPaths = { inputs: string[]; out: string };

/** The folder in a project that holds what was read until all is written; see spool/segment.ts. */
export const SPOOL = "import.spool";

/**
 * Imports every chat that the inputs hold, of whatever known format, into one list of messages.
 *
 * Every file is read once, in pieces; what it holds is spooled and put in order from there. An import that was stopped
 * goes on behind the last file that it had read.
 *
 * A file that cannot be read, and a dialogue that makes no sense, are problems in the report; the rest goes on.
 * The same files give the same messages with the same ids in the same order, however they are named as inputs.
 *
 * @param choose is given the `owner` setting with every answer of the person added, and `forget` with the ids of those
 *   whom it names
 * @returns the report, as it stands in `import.json`
 * @throws {MalformedInput} an input does not exist, there is no message in any of the files, or nobody is the owner
 * @throws {Unsupported} none of the files is of a known format
 * @throws {Unavailable} the person would have to say who the owner is, and there is nobody to ask
 */
export async function importChats(
  { inputs, out }: ImportPaths,
  settings: ImportSettings,
  run: Run = {},
  choose: (chosen: Partial<ImportSettings>) => Promise<void> = async () => {},
): Promise<ImportReport> {
  const found = await findFiles(inputs);
  const recognised = await recogniseFiles(found.files, settings.columns !== "", run);
  const folder = join(out, SPOOL);
  const neighbours = new Neighbours(found.files);
  const spooled = await spoolFiles(recognised.known, { folder, neighbours, settings, run });
  if (spooled.every(({ segment }) => segment.tail.messages === 0)) {
    await rm(folder, { recursive: true, force: true });
    throw nothingFound(spooled, [...found.skipped, ...recognised.skipped]);
  }
  const chats = chatsOf(spooled);
  const owner = await findOwner(voicesIn(spooled, chats), settings.owner, run, (answers) =>
    choose({ owner: joinList([...splitList(settings.owner), ...answers]) }),
  );
  const forgotten = findForgotten(chats.contacts, settings.forget);
  const forget = spellForgotten(chats.contacts, settings.forget);
  if (forget !== settings.forget) await choose({ forget });
  const reports = startReports(spooled, chats, forgotten);
  const tally = new Tally(reports);
  const sample = settings.sample > 0 ? new Sample(settings.sample, settings.seed) : undefined;
  const compiled = {
    files: spooled,
    contacts: chats.contacts,
    owner,
    tally,
    sample,
    forgotten,
    ...order(spooled, chats),
  };
  await writeMessages(join(out, "messages.jsonl"), compiled, run);
  const report = describeImport(
    spooled,
    reports,
    recognised,
    found.skipped,
    tally,
    owner,
    [...forgotten].map((number) => chats.contacts[number]!),
  );
  await writeJson(join(out, "import.json"), "import", report);
  await rm(folder, { recursive: true, force: true });
  return report;
}

function voicesIn(files: readonly SpooledFile[], { contacts, contactOf }: Chats) {
  return files.map(({ source, segment: { tail } }, file) => ({
    platform: source.platform,
    speakers: tail.speakers,
    owners: tail.owners,
    contacts: tail.speakers.map((_, speaker) => contacts[contactOf(file, speaker)]!),
  }));
}

function order(
  files: readonly SpooledFile[],
  { contacts, contactOf }: Chats,
): { index: MessageIndex; pointed: Pointed } {
  const segments = files.map(({ segment }) => segment);
  const blocks = segments.flatMap(({ tail }) => tail.blocks);
  const pointed = new Pointed({
    ids: blocks.reduce((sum, { ids }) => sum + ids, 0),
    texts: blocks.reduce((sum, { texts }) => sum + texts, 0),
  });
  const index = loadIndex(segments, contacts.length, contactOf, (pointers) => pointed.add(pointers));
  return { index, pointed };
}
