import { ENOUGH_REPLIES, FEWEST_REPLIES } from "../enough-replies.js";
import type { Message } from "../import/message.js";
import type { Dialogue } from "./dialogue.js";
import { EmojiCounter } from "./top-emoji.js";

/** What one contact's dialogues hold, or those of all; lengths of replies in characters (code points). */
export type Stats = {
  dialogues: { train: number; heldout: number };
  /** Own turns. */
  replies: { train: number; heldout: number };
  /** The shortest reply of which a tenth, half and nine tenths are no longer; 0 without replies. */
  replyCharacters: { p10: number; median: number; p90: number };
  /** Own messages in a reply, on average. */
  bubblesPerReply: number;
  /** Of all own turns. */
  characters: number;
  /** Of all own turns, as the base model sees them; null where no base is at hand. */
  tokens: number | null;
  /** In own turns, most first. */
  emoji: { emoji: string; count: number }[];
  /** Own messages in each hour of the day, 24 numbers from midnight on; null where the export has no times. */
  hours: number[] | null;
};

/**
 * Whether that is enough to learn from, by replies in training: `enough`; `little`, under 1,000, from which form is learnt
 * but hardly more; `too-little`, under 50, which training refuses.
 */
export type Verdict = "enough" | "little" | "too-little";

/** What `kouwen dialogue --stats` shows. */
export type DialogueStats = { verdict: Verdict; all: Stats; contacts: ({ contact: string } & Stats)[] };

const SHOWN_EMOJI = 10;

/** What is known beside the dialogues. */
export type StatsOptions = {
  /** The hour of the day, 0 to 23, of a time in Unix seconds. */
  hourOf: (time: number) => number;
  /** Tokens of a text for the base model, if there is one at hand. */
  countTokens?: (text: string) => number;
};

/**
 * The numbers of each contact's dialogues and of all, contacts with most replies first.
 *
 * @param messages for the hours: all that the owner sent counts, be it in a dialogue or not
 */
export async function countStats(
  dialogues: AsyncIterable<Dialogue>,
  messages: AsyncIterable<Message>,
  { hourOf, countTokens }: StatsOptions,
): Promise<DialogueStats> {
  const all = new Counter();
  const contacts = new Map<string, Counter>();
  for await (const dialogue of dialogues) {
    const { contact } = dialogue;
    if (!contacts.has(contact)) contacts.set(contact, new Counter());
    for (const counter of [all, contacts.get(contact)!]) counter.add(dialogue);
    if (!countTokens) continue;
    const replies = dialogue.turns.filter(({ role }) => role === "assistant");
    const tokens = replies.reduce((sum, { text }) => sum + countTokens(text), 0);
    for (const counter of [all, contacts.get(contact)!]) counter.tokens = (counter.tokens ?? 0) + tokens;
  }
  for await (const { owner, time, contact } of messages) {
    if (!owner || time === null) continue;
    const hour = hourOf(time);
    for (const counter of [all, contacts.get(contact)]) {
      if (counter) (counter.hours ??= Array.from({ length: 24 }, () => 0))[hour]! += 1;
    }
  }
  const stats = all.stats();
  return {
    verdict: judge(stats.replies.train),
    all: stats,
    contacts: [...contacts]
      .map(([contact, counter]) => ({ contact, ...counter.stats() }))
      .sort((a, b) => sum(b.replies) - sum(a.replies) || (a.contact < b.contact ? -1 : 1)),
  };
}

function judge(replies: number): Verdict {
  if (replies < FEWEST_REPLIES) return "too-little";
  return replies < ENOUGH_REPLIES ? "little" : "enough";
}

function sum({ train, heldout }: { train: number; heldout: number }): number {
  return train + heldout;
}

/** Counts one dialogue after the other. */
class Counter {
  tokens: number | null = null;
  hours: number[] | null = null;
  #dialogues = { train: 0, heldout: 0 };
  #replies = { train: 0, heldout: 0 };
  #lengths: number[] = [];
  #bubbles = 0;
  #emoji = new EmojiCounter();

  add({ split, turns }: Dialogue): void {
    this.#dialogues[split] += 1;
    for (const { role, text } of turns) {
      if (role === "user") continue;
      this.#replies[split] += 1;
      this.#lengths.push([...text].length);
      this.#bubbles += text.split("\n").length;
      this.#emoji.add(text);
    }
  }

  stats(): Stats {
    const lengths = this.#lengths.toSorted((a, b) => a - b);
    const at = (share: number) => lengths[Math.max(0, Math.ceil(share * lengths.length) - 1)] ?? 0;
    return {
      dialogues: this.#dialogues,
      replies: this.#replies,
      replyCharacters: { p10: at(0.1), median: at(0.5), p90: at(0.9) },
      bubblesPerReply: Math.round((100 * this.#bubbles) / Math.max(1, lengths.length)) / 100,
      characters: lengths.reduce((total, length) => total + length, 0),
      tokens: this.tokens,
      emoji: this.#emoji.top(SHOWN_EMOJI),
      hours: this.hours,
    };
  }
}
