import { REASONS, type Reason } from "./reasons.js";

/** Rules that judge dialogues as a whole; the ledger has a row for each. */
export const DIALOGUE_RULES = [
  "too-old",
  "one-sided",
  "repeat",
  "low-score",
  "contact-share",
  "frequent-reply",
] as const satisfies readonly Reason[];

/** Rules that a person may switch off, as a whole or for single messages and dialogues. */
export const RESTORABLE = [
  "not-text",
  "forwarded",
  "bot",
  "too-long",
  "gibberish",
  ...DIALOGUE_RULES,
] as const satisfies readonly Reason[];

type Fixed = Exclude<Reason, (typeof RESTORABLE)[number]>;

/** What helps instead where a rule cannot be switched off. */
const INSTEAD: Record<Fixed, string> = {
  recalled: "Nothing brings it back.",
  private: "--privacy stand-in or --privacy mask keeps such messages, the data in them replaced.",
  notice: "Nothing brings it back: a model that texts has no use for it.",
  "empty-text": "Nothing brings it back.",
  group: "--groups addressed takes what is said to you in groups and what you answer.",
  "not-addressed": "Nothing brings it back: what others say among themselves is not yours to answer.",
  "no-time": "Export the chat again with a tool that gives times; see docs/import.md.",
  "answers-left-out": "Restore the message that it answers, if that can be restored.",
  "leading-assistant": "A longer --gap-minutes joins it to what was said before it.",
  "trailing-user": "A longer --gap-minutes joins it to what you said after it.",
  "not-sampled": "--sample 0 keeps all dialogues, a larger number more of them.",
  "system-replaced": "--system-prompt with an empty text keeps what the export carries.",
  "system-without-dialogue": "Restore what was left out of its dialogue, if that can be restored.",
};

/** Whether a text is what can be restored: a rule's word, or the id of a message or dialogue. */
export function isRestorable(text: string): boolean {
  return isId(text) || (RESTORABLE as readonly string[]).includes(text);
}

/** Whether a text has the form of the id of a message or dialogue. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

/** Why a rule of the ledger cannot be switched off and what helps instead, as sentences; null if it can be. */
export function whyFixed(rule: string): string | null {
  if (rule.startsWith("private-"))
    return "Private data was replaced. --privacy off leaves all of it as it is.";
  if (!(rule in INSTEAD)) return null;
  return `${REASONS[rule as Fixed]} ${INSTEAD[rule as Fixed]}`;
}

/** How what a rule took is had back, for the summary of the ledger. */
export function howRestored(rule: string): string {
  if (rule.startsWith("private-")) return "--privacy off leaves all of it as it is.";
  return rule in INSTEAD ? INSTEAD[rule as Fixed] : `--restore ${rule}`;
}
