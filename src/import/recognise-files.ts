import type { Run } from "../progress.js";
import { type Named, nameFiles } from "./contact-name.js";
import { readHead, type Skipped } from "./find-files.js";
import { isCompanion, lacksColumns, recognise } from "./sources/registry.js";
import type { ChatFile, Head, Source } from "./sources/source.js";

/** A file whose format is known. */
export type KnownFile = { file: ChatFile; source: Source; named: Named };

/** Files by what they are: chats, files that are read with chats, and others with the reason why they are none. */
export type Recognised = { known: KnownFile[]; companions: ChatFile[]; skipped: Skipped[] };

/**
 * Tells the formats of files by their content.
 *
 * @param namesColumns whether the person has said which columns of tables hold what
 */
export async function recogniseFiles(
  files: readonly ChatFile[],
  namesColumns: boolean,
  run: Run,
): Promise<Recognised> {
  const companions: ChatFile[] = [];
  const skipped: Skipped[] = [];
  const sourceOf = new Map<ChatFile, Source>();
  for (const file of files) {
    run.signal?.throwIfAborted();
    const head = await readHead(file).catch(() => undefined);
    const source = head && recognise(head, namesColumns);
    if (!head) skipped.push({ file: file.label, why: "cannot be read" });
    else if (isCompanion(head)) companions.push(file);
    else if (source) sourceOf.set(file, source);
    else skipped.push({ file: file.label, why: whyUnknown(file, head, namesColumns) });
  }
  const named = nameFiles([...sourceOf.keys()]);
  const known = [...sourceOf].map(([file, source]) => ({ file, source, named: named.get(file.path)! }));
  return { known, companions, skipped };
}

function whyUnknown(file: ChatFile, head: Head, namesColumns: boolean): string {
  if (file.sizeBytes === 0) return "empty";
  return !namesColumns && lacksColumns(head) ? TABLE : "no known chat format";
}

const TABLE =
  "a table of no known format; if it holds a chat, say which column holds what, as in --columns time=Date,sender=From,text=Body";
