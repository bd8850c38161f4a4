/** Why a message is in no dialogue: the word in the ledger, and the sentence for people. */
export const REASONS = {
  "empty-text": "The message has no text.",
  "too-long": "The message is longer than a text message; it is likely pasted.",
  "no-time": "The export gives neither a time nor where the dialogue ends, so nothing tells what it answers.",
  "leading-assistant": "You opened the conversation: there is nothing that your message answers.",
  "trailing-user": "You did not answer this message, or your answer was left out.",
  "system-without-dialogue": "The system prompt of a dialogue of which nothing was left.",
} as const;

export type Reason = keyof typeof REASONS;
