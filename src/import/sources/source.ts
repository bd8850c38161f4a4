import type { Run } from "../../progress.js";
import type { Kind } from "../kinds.js";
import type { LocalTime } from "../local-time.js";
import type { Platform } from "../platforms.js";

// The border between exporters' formats and the import stage. A source knows one format; it does not drop
// duplicates, decide who the owner is, give ids, sample or write: that is the same for all of them and done once.

/** A file that may hold chats; or an entry of a zip, which reads like one. */
export type ChatFile = {
  /** Unique among the files of an import: the path on disk, for an entry followed by its name in the zip. */
  path: string;
  /** How reports and errors call it: from the input that led to it, never an absolute path. */
  label: string;
  name: string;
  /** The names of the folders (and zips) it lies in, outermost first; at least the innermost. */
  folders: string[];
  sizeBytes: number;
  /** Its bytes from the start, in pieces. */
  open(): AsyncIterable<Uint8Array>;
};

/** The start of a file, by which its format is told. */
export type Head = {
  /** Up to 64 KiB. */
  bytes: Uint8Array;
  /** The same as text, in the encoding that fits; a character that is cut off at the end is left out. */
  text: string;
  fileName: string;
  /** The names of the folders it lies in, outermost first. */
  folders: readonly string[];
};

/** What a source needs to know beside the file. */
export type ReadContext = {
  /** The contact as folder and file name tell it, for formats that do not say it themselves. */
  named: { name: string; accountId: string | null };
  /** The file of that name in the same folder, or in the nearest folder around it that holds one among the inputs. */
  near(name: string): ChatFile | undefined;
  /** Unix seconds of a time that the export gives without a zone. */
  localTime: LocalTime;
  /** For tables of any make: which column holds what, as the person said; null if they did not. */
  columns: Readonly<Record<string, string>> | null;
  run: Run;
};

/** A chat of two people, or of a group. */
export type Conversation = {
  /** The platform's own id, such as a wxid or Telegram's number; null if the export gives none. */
  id: string | null;
  /** As people would call it; empty if the export does not say. */
  name: string;
  group: boolean;
};

/** A message before it has ids. What an export does not say is left out. */
export type Draft = {
  conversation: Conversation;
  /** Where the export keeps dialogue limits: the number of the dialogue, its messages in one run. Else null. */
  session: number | null;
  /** Display name; empty where nobody wrote it, or it is not said. */
  sender: string;
  /** The sender's account on the platform. */
  senderId?: string;
  /** Whether the owner wrote it; null where the format does not mark that, and it has to be found out. */
  owner: boolean | null;
  /** Unix seconds, or null where the export has none. */
  time: number | null;
  kind: Kind;
  text: string;
  /** The platform's id of the message, the same in every export of the chat; never a mere row number. */
  platformId?: string;
  /** The platform's id of the message it answers. */
  replyTo?: string;
  /** The words it answers, where the export repeats them. */
  quoted?: string;
  /** Names or accounts it addresses, where the export lists them; `@name` within the text is found without. */
  mentions?: string[];
  forwarded?: true;
  bot?: true;
  originalType: string | null;
};

/** What a source finds, in the order of the file. */
export type Found =
  | { kind: "message"; message: Draft }
  /** Something that could not be imported; the rest of the file goes on. `place` says where, such as `dialogue 12`. */
  | { kind: "problem"; place: string; what: string }
  /** Something worth knowing about the whole file; nothing was lost. */
  | { kind: "note"; what: string }
  /** Who the owner is in this file's messages that do not mark it, where the format implies it without doubt. */
  | { kind: "owner"; sender: string };

/** One exporter's format. */
export interface Source {
  /** A stable word, such as `memotrace-json`; goes into every message. */
  id: string;
  /** How a person would call it. */
  label: string;
  /** Where the chats took place: names of an owner are the same within one. */
  platform: Platform;
  /**
   * Of two exports of one message the one of the higher rank is kept: 5 everything with ids, 4 ids or exact types,
   * 3 seconds and senders, 2 plain text, 1 no times.
   */
  rank: 1 | 2 | 3 | 4 | 5;
  /** Whether it reads a file only if the person has said which column holds what. */
  needsColumns?: true;
  /** How sure it is that the file is its own, by content: 0 not at all, to 1. The surest source reads the file. */
  sniff(head: Head): number;
  /** Whether the file holds no chats, but goes with the format and is read with it, such as a list of names. */
  isCompanion?(head: Head): boolean;
  /** @throws {KouwenError} the file as a whole cannot be read; the import goes on with the others */
  read(file: ChatFile, context: ReadContext): AsyncIterable<Found>;
}
