import type { Skipped } from "./find-files.js";
import type { Kind } from "./kinds.js";
import type { Owner } from "./owner.js";

/** How much of something there is. A message that belongs to no dialogue yet counts as a message only. */
export type Counts = { dialogues: number; messages: number };

/** When the first and the last message were, as ISO 8601 in UTC; null where there are no times. */
export type Span = { first: string; last: string } | null;

/** What became of one file that was read; `dialogues` and `messages` are those that only it, or it best, gave. */
export type FileReport = Counts & {
  file: string;
  source: string;
  /** Null where the file holds chats with several. */
  contact: string | null;
  /** How many messages it holds. */
  read: number;
  /** What other files gave too, and in a better form or before. */
  duplicates: Counts;
  /** How many things could not be imported; the first 20 of them are in the report's `problems`. */
  problems: number;
  notes: string[];
  /** Files beside it that it was read with. */
  readWith: string[];
};

/** Something that could not be imported, and where it is. */
export type Problem = { file: string; place: string; what: string };

/**
 * What `import.json` holds. Every message that was read is written, a duplicate, not in the sample, or forgotten:
 * `read = messages + duplicates.messages + notSampled.messages + forgotten.messages`. Counts of files are before a sample is taken, all others
 * say what `messages.jsonl` holds.
 */
export type ImportReport = Counts & {
  read: number;
  duplicates: Counts;
  /** What was left out because a sample was asked for. */
  notSampled: Counts;
  /** What was left out because its contact is to be forgotten; nothing else in the report tells of it. */
  forgotten: Counts & { contacts: number };
  span: Span;
  owner: {
    /** Null if no setting and no export tells it. */
    name: string | null;
    /** `asked`: the person said it in this import; `marked`: exports say it; `system-prompt`: a sentence in training data. */
    how: "setting" | "asked" | "marked" | "system-prompt" | "unknown";
    /** Other names that exports give the owner, and in how many dialogues or messages. */
    otherNames: Record<string, number>;
  };
  kinds: Partial<Record<Kind, number>>;
  sources: Record<string, Counts & { files: number }>;
  contacts: (Counts & { contact: string; group?: true; span: Span })[];
  files: FileReport[];
  /** Files that hold no chats and go with others, and the file that was read with each. */
  companions: { file: string; with: string | null }[];
  /** How many files were not read, without those that hold no chats anyway. */
  unread: number;
  skipped: Skipped[];
  problems: Problem[];
};

/** The owner in the report: whom the setting names, else the name that most dialogues and messages have. */
export function describeOwner(
  owner: Owner,
  names: ReadonlyMap<string, number>,
  trainingOnly: boolean,
): ImportReport["owner"] {
  const ranked = [...names].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const name = owner.display || (ranked[0]?.[0] ?? null);
  const found = trainingOnly ? "system-prompt" : "marked";
  const told = owner.answers.length > 0 ? "asked" : owner.display !== "" ? "setting" : found;
  const how = name === null ? "unknown" : told;
  return { name, how, otherNames: Object.fromEntries(ranked.filter(([other]) => other !== name)) };
}
