import type { Run } from "../../progress.js";
import type { Message } from "../message.js";

// The border between exporters' formats and the import stage. A source knows one format; it does not drop
// duplicates, give ids, sample or write: that is the same for all of them and done once, in import-chats.ts.

/** A file that may hold chats. */
export type ChatFile = {
  /** Where it lies on disk. */
  path: string;
  /** How reports and errors call it: from the input that led to it, never an absolute path. */
  label: string;
  name: string;
  /** The names of the folders it lies in, outermost first; at least the innermost. */
  folders: string[];
  sizeBytes: number;
};

/** The start of a file, by which its format is told. */
export type Head = {
  /** Up to 64 KiB. */
  bytes: Uint8Array;
  /** The same as text, in the encoding that fits; a character that is cut off at the end is left out. */
  text: string;
  fileName: string;
};

/** What a source needs to know beside the file. */
export type ReadContext = {
  /** The contact as folder and file name tell it, for formats that do not say it themselves. */
  contact: string;
  run: Run;
};

/** A message before it has ids. */
export type Draft = Omit<Message, "id" | "source" | "session" | "replyTo"> & {
  /** Where the export keeps dialogue limits: the number of the dialogue, its messages in one run. Otherwise null. */
  session: number | null;
};

/** What a source finds, in the order of the file. */
export type Found =
  | { kind: "message"; message: Draft }
  /** Something that could not be imported; the rest of the file goes on. `place` says where, such as `dialogue 12`. */
  | { kind: "problem"; place: string; what: string }
  /** Something worth knowing about the whole file; nothing was lost. */
  | { kind: "note"; what: string };

/** One exporter's format. */
export interface Source {
  /** A stable word, such as `memotrace-json`; goes into every message. */
  id: string;
  /** How a person would call it. */
  label: string;
  /** How sure it is that the file is its own, by content: 0 not at all, to 1. The surest source reads the file. */
  sniff(head: Head): number;
  /** @throws {KouwenError} the file as a whole cannot be read; the import goes on with the others */
  read(file: ChatFile, context: ReadContext): AsyncIterable<Found>;
}
