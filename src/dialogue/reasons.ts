/** Why a message is in no dialogue: the word in the ledger, and the sentence for people. */
export const REASONS = {
  "not-text":
    "A picture, a call or something else without words; what was said before it and after it is not joined.",
  recalled: "Its sender took it back; what was said before it and after it is not joined.",
  forwarded: "Somebody else's words, passed on.",
  bot: "A program wrote it.",
  private: "It holds private data; what was said before it and after it is not joined.",
  notice: "A notice of the chat program; nobody wrote it, and nobody answers it.",
  "empty-text": "The message has no text.",
  gibberish: "Wrongly decoded, or a key or a hash: nobody's words.",
  "too-long": "The message is longer than a text message; it is likely pasted.",
  group: "Said in a group; the setting groups decides whether what is said to you there counts.",
  "not-addressed": "Said in a group, neither to you nor by you in answer to somebody.",
  "no-time": "The export gives neither a time nor where the dialogue ends, so nothing tells what it answers.",
  "answers-left-out": "You answered a message that is left out itself.",
  "leading-assistant": "You opened the conversation: there is nothing that your message answers.",
  "trailing-user": "You did not answer this message, or your answer was left out.",
  "too-old": "The dialogue began longer ago than the setting newestMonths lets in.",
  "one-sided": "Only one side talks in this dialogue.",
  repeat: "Another dialogue says nearly the same from beginning to end.",
  "low-score": "A language model gave the dialogue fewer points than the setting leastScore asks for.",
  "contact-share":
    "The contact has more than the share of your replies that the setting contactShare allows.",
  "not-sampled": "The setting sample keeps only about so many dialogues.",
  "frequent-reply":
    "You say this far more often than anything else; here it is context, not something to learn.",
  "system-replaced": "The export's system prompt, in place of which the settings give another.",
  "system-without-dialogue": "The system prompt of a dialogue of which nothing was left.",
} as const;

export type Reason = keyof typeof REASONS;
