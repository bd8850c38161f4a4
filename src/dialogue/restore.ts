import type { Reason } from "./reasons.js";

/** Rules that a person may switch off, as a whole or for single messages and dialogues. */
export const RESTORABLE = [
  "not-text",
  "forwarded",
  "bot",
  "too-long",
  "gibberish",
  "too-old",
  "one-sided",
  "repeat",
  "low-score",
  "contact-share",
  "frequent-reply",
] as const satisfies readonly Reason[];

/** Whether a text is what can be restored: a rule's word, or the id of a message or dialogue. */
export function isRestorable(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text) || (RESTORABLE as readonly string[]).includes(text);
}
