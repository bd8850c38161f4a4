import type { LedgerEntry } from "./dialogue.js";
import { REASONS } from "./reasons.js";
import { DIALOGUE_RULES, howRestored, RESTORABLE } from "./restore.js";

/** What one rule left out or changed. Holds no words. */
export type RuleSummary = {
  rule: string;
  /** Whether its messages stay, other than they were. */
  changed: boolean;
  messages: number;
  /** Whole dialogues, or replies where it changed single ones; null for a rule about single messages. */
  dialogues: number | null;
  /** A few ids of messages. */
  examples: string[];
  why: string;
  restorable: boolean;
  /** The flag that brings its messages back, or a sentence. */
  restore: string;
};

/** What is known of messages before dialogues were made of them; see `import.json`. */
export type Imported = {
  read: number;
  messages: number;
  duplicates: { messages: number };
  notSampled: { messages: number };
  forgotten?: { messages: number };
};

/**
 * Where every message is: `read = merged + notSampled + forgotten + messages` of the import, and of these
 * `messages = used + removed`. What an import did is null where `import.json` is of other messages.
 */
export type LedgerSums = {
  messages: number;
  used: number;
  removed: number;
  imported: { read: number; merged: number; notSampled: number; forgotten: number } | null;
};

/** What `kouwen dialogue --ledger` shows; rules by messages, most first, those that change last. */
export type LedgerSummary = { sums: LedgerSums; rules: RuleSummary[] };

const EXAMPLES = 3;
const OF_DIALOGUES: ReadonlySet<string> = new Set([...DIALOGUE_RULES, "not-sampled"]);

/**
 * The ledger by rules.
 *
 * @param counts those in `dialogue.json`
 * @throws {Error} the numbers do not add up, which is our mistake
 */
export async function summariseLedger(
  entries: AsyncIterable<LedgerEntry>,
  counts: { read: number; used: number; dropped: number },
  imported: Imported | undefined,
): Promise<LedgerSummary> {
  const rules = new Map<string, RuleSummary>();
  const ids = new Map<string, Set<string>>();
  for await (const { reason, messageIds, changed } of entries) {
    const rule = rules.get(reason) ?? startRule(reason, changed === true);
    rules.set(reason, rule);
    const seen = ids.get(reason) ?? new Set();
    ids.set(reason, seen);
    for (const id of messageIds) seen.add(id);
    rule.messages = seen.size;
    if (rule.dialogues !== null) rule.dialogues += 1;
    if (rule.examples.length < EXAMPLES && messageIds[0] !== undefined) rule.examples.push(messageIds[0]);
  }
  const sorted = [...rules.values()].sort(
    (a, b) => Number(a.changed) - Number(b.changed) || b.messages - a.messages || (a.rule < b.rule ? -1 : 1),
  );
  const removed = sorted.reduce((sum, { changed, messages }) => sum + (changed ? 0 : messages), 0);
  return { rules: sorted, sums: addUp(counts, removed, imported) };
}

function startRule(rule: string, changed: boolean): RuleSummary {
  const known: Readonly<Record<string, string>> = REASONS;
  return {
    rule,
    changed,
    messages: 0,
    dialogues: OF_DIALOGUES.has(rule) ? 0 : null,
    examples: [],
    why: known[rule] ?? `Private data (${rule.replace("private-", "")}) is other than it was.`,
    restorable: (RESTORABLE as readonly string[]).includes(rule),
    restore: howRestored(rule),
  };
}

function addUp(
  { read: messages, used, dropped }: { read: number; used: number; dropped: number },
  removed: number,
  imported: Imported | undefined,
): LedgerSums {
  if (removed !== dropped || messages !== used + removed) {
    throw new Error(`internal: of ${messages} messages ${used} are used and ${removed} in the ledger`);
  }
  if (imported?.messages !== messages) return { messages, used, removed, imported: null };
  const { read, duplicates, notSampled, forgotten } = imported;
  const before = {
    merged: duplicates.messages,
    notSampled: notSampled.messages,
    forgotten: forgotten?.messages ?? 0,
  };
  if (read !== messages + before.merged + before.notSampled + before.forgotten) {
    throw new Error(`internal: of ${read} messages that were read ${messages} were imported`);
  }
  return { messages, used, removed, imported: { read, ...before } };
}
