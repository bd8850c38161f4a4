import type { Question } from "../progress.js";
import type { Contact } from "./contacts.js";
import { compareText } from "./find-files.js";
import type { Voices } from "./owner.js";
import { type Platform, PLATFORMS } from "./platforms.js";

/** The question for the owner of a platform's chats. */
export function askedFor(platform: Platform): string {
  return `Which of these names is you${platform === "any" ? "" : ` (${PLATFORMS[platform]})`}?`;
}

type Candidate = { answer: string; chats: Set<Contact>; messages: number; known: boolean; elsewhere: number };

/**
 * Who the owner may be: whoever is marked as the owner in other files, then who is in most chats, then who wrote most.
 * Nobody chats with himself, so that a chat of two does not speak for the one it is named after.
 *
 * @param marked names and ids that are the owner's in other files
 */
export function candidatesFor(files: readonly Voices[], marked: ReadonlySet<string>): Question["candidates"] {
  const found = new Map<string, Candidate>();
  const chats = new Set<Contact>();
  for (const { speakers, contacts } of files) {
    for (const [index, { owner, sender, senderId, messages }] of speakers.entries()) {
      const answer = sender || senderId;
      if (owner !== null || !answer) continue;
      const chat = contacts[index]!;
      chats.add(chat);
      const known = marked.has(sender) || (senderId !== null && marked.has(senderId));
      const one = found.get(answer) ?? { answer, chats: new Set(), messages: 0, known, elsewhere: 0 };
      found.set(answer, one);
      one.messages += messages;
      if (one.chats.has(chat)) continue;
      one.chats.add(chat);
      const namesake = !chat.group && [sender, senderId ?? ""].some((name) => chat.aliases.has(name));
      if (!namesake) one.elsewhere += 1;
    }
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        Number(b.known) - Number(a.known) ||
        b.elsewhere - a.elsewhere ||
        b.messages - a.messages ||
        compareText(a.answer, b.answer),
    )
    .map(({ answer, chats: own, messages }) => ({
      answer,
      evidence: evidence(own.size, chats.size, messages),
    }));
}

function evidence(chats: number, all: number, messages: number): string {
  const count = messages.toLocaleString("en-US");
  return `in ${chats} of ${all} ${all === 1 ? "chat" : "chats"}, ${count} ${messages === 1 ? "message" : "messages"}`;
}
