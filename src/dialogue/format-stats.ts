import { bars } from "./bars.js";
import type { DialogueStats, Stats, Verdict } from "./stats.js";

const VERDICTS: Record<Verdict, string> = {
  enough: "enough to learn from",
  little: "little: under 1000 replies form is learnt, but hardly more; import more chats if you can",
  "too-little":
    "too little: training refuses under 50 replies (train --force does not); import more chats, or see the ledger for what was dropped",
};

/** The numbers for the terminal: all contacts together, then each, then whether that is enough. */
export function formatStats({ verdict, all, contacts }: DialogueStats): string {
  const parts = contacts.length > 1 ? [formatOne("all contacts", all)] : [];
  parts.push(...contacts.map((stats) => formatOne(stats.contact, stats)));
  parts.push(`${all.replies.train} replies to train on: ${VERDICTS[verdict]}`);
  return parts.join("\n\n");
}

function formatOne(name: string, stats: Stats): string {
  const { dialogues, replies, replyCharacters, bubblesPerReply, characters, tokens, emoji, hours } = stats;
  const rows = [
    name,
    `  replies     ${replies.train} to train on, ${replies.heldout} held out; in ${dialogues.train} and ${dialogues.heldout} dialogues`,
    `  length      ${replyCharacters.median} characters (median), 80 % within ${replyCharacters.p10} to ${replyCharacters.p90}; ${bubblesPerReply} bubbles each`,
    `  in all      ${characters} characters${tokens === null ? "" : `, ${tokens} tokens`}`,
  ];
  if (emoji.length > 0)
    rows.push(`  emoji       ${emoji.map(({ emoji, count }) => `${emoji} ${count}`).join("  ")}`);
  if (hours) rows.push(`  hours       0 ${bars(hours)} 23`);
  return rows.join("\n");
}
