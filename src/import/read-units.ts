import { KouwenError } from "../errors.js";
import type { ChatFile, Draft, Found, ReadContext, Source } from "./sources/source.js";

/** What a file holds: dialogues whole, messages that have a time one by one, and what is to be reported. */
export type FoundUnit = { kind: "unit"; drafts: Draft[] } | Exclude<Found, { kind: "message" }>;

/** A file's messages put together to dialogues. That the file cannot be read at all is one more problem. */
export async function* readUnits(
  file: ChatFile,
  source: Source,
  context: ReadContext,
): AsyncIterable<FoundUnit> {
  let drafts: Draft[] = [];
  try {
    for await (const found of source.read(file, context)) {
      const next = found.kind === "message" ? found.message : undefined;
      if (drafts.length > 0 && (next?.session == null || next.session !== drafts[0]!.session)) {
        yield { kind: "unit", drafts };
        drafts = [];
      }
      if (found.kind === "message") drafts.push(found.message);
      else yield found;
    }
  } catch (error) {
    context.run.signal?.throwIfAborted();
    yield { kind: "problem", place: "the file", what: whyUnreadable(error, file) };
  }
  if (drafts.length > 0) yield { kind: "unit", drafts };
}

/** @throws the error itself where it is neither about the file nor the disk, but our bug */
function whyUnreadable(error: unknown, file: ChatFile): string {
  if (error instanceof KouwenError) return error.message.replace(`import ${file.label}: `, "");
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return `cannot be read (${code})`;
}
