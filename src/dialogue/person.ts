import type { Dialogue } from "./dialogue.js";

/** What a person's replies are like in number. */
export type PersonNumbers = {
  /** Own turns, which may be several bubbles each. */
  replies: number;
  /** Characters (code points) of the reply in the middle when sorted by length; 0 without replies. */
  medianReplyCharacters: number;
  contacts: number;
  /** Most replies first; `share` of all replies, 0 to 1. */
  perContact: { contact: string; dialogues: number; replies: number; share: number }[];
};

/** The numbers of the person whose replies the dialogues hold. */
export function countPerson(dialogues: readonly Pick<Dialogue, "contact" | "turns">[]): PersonNumbers {
  const lengths: number[] = [];
  const contacts = new Map<string, { dialogues: number; replies: number }>();
  for (const { contact, turns } of dialogues) {
    const replies = turns.filter(({ role }) => role === "assistant");
    lengths.push(...replies.map(({ text }) => [...text].length));
    const counts = contacts.get(contact) ?? { dialogues: 0, replies: 0 };
    contacts.set(contact, {
      dialogues: counts.dialogues + 1,
      replies: counts.replies + replies.length,
    });
  }
  lengths.sort((a, b) => a - b);
  const middle = lengths.slice(Math.floor((lengths.length - 1) / 2), Math.floor(lengths.length / 2) + 1);
  return {
    replies: lengths.length,
    medianReplyCharacters: middle.reduce((sum, length) => sum + length, 0) / Math.max(1, middle.length),
    contacts: contacts.size,
    perContact: [...contacts]
      .map(([contact, counts]) => ({ contact, ...counts, share: counts.replies / lengths.length }))
      .sort((a, b) => b.replies - a.replies || (a.contact < b.contact ? -1 : 1)),
  };
}
