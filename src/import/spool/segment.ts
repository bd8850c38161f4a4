import type { Named } from "../contact-name.js";
import type { Problem } from "../report.js";
import type { Conversation } from "../sources/source.js";

// What one input file held, kept in the project until the import is done: `import.spool/<name>`. A segment has its name
// only when it is whole, so that an import that was stopped goes on behind the last whole one.
//
// A segment is a sequence of blocks, then the tail as JSON, then its length as a 32-bit number. A block is its lines, one
// a message, then 32-bit numbers (of this machine, at any byte): three a message, and hashes of the ids and of the texts
// that messages point to.

/** Raised by one when sources or segments change, so that what an older version left is not taken up. */
export const SPOOL_VERSION = 1;

/** Time of a message that has none or belongs to a dialogue as the export cut it, in an entry. */
export const UNTIMED = 0xffff_ffff;

/** The 32-bit numbers of an entry: speaker, time in whole Unix seconds or `UNTIMED`, length of its line in bytes. */
export const ENTRY_NUMBERS = 3;

/** Who spoke where, each once a file; `owner` null where the format does not mark it. */
export type Speaker = {
  conversation: number;
  sender: string;
  senderId: string | null;
  owner: boolean | null;
  messages: number;
};

/** Where a block's lines start, how many bytes they have, and how many messages and hashes of each sort there are. */
export type Block = { at: number; bytes: number; messages: number; ids: number; texts: number };

/** A file that was looked for while another was read, and what it was then; null if there was none. */
export type Looked = { name: string; was: string | null; label: string | null };

/** What is known of a file beside its messages. */
export type Tail = {
  conversations: Conversation[];
  speakers: Speaker[];
  blocks: Block[];
  messages: number;
  /** The latest time in Unix seconds; 0 if there is none. */
  until: number;
  /** Whether there are times, and all of them are whole minutes. */
  coarse: boolean;
  /** Who the owner is in messages that do not mark it. */
  owners: string[];
  problems: Omit<Problem, "file">[];
  problemCount: number;
  notes: string[];
  looked: Looked[];
  named: Named;
};
