import { type Contact, type NamedChat, resolveContacts } from "./contacts.js";
import type { SpooledFile } from "./spool-files.js";

/** Whose chats files hold. */
export type Chats = {
  /** In the order in which they are written. */
  contacts: Contact[];
  /** The contact's number of the chat in which a speaker of a file speaks. */
  contactOf: (file: number, speaker: number) => number;
};

/** Finds out whose chats files hold: by what they say, where they do not by their names. */
export function chatsOf(files: readonly SpooledFile[]): Chats {
  const chats: NamedChat[] = [];
  const starts: number[] = [];
  for (const { source, segment } of files) {
    starts.push(chats.length);
    const { conversations, speakers, named } = segment.tail;
    const messages = conversations.map(() => 0);
    for (const { conversation, messages: count } of speakers) messages[conversation]! += count;
    for (const [number, { id, name, group }] of conversations.entries()) {
      const byFile = !group && id === null && (name === "" || name === named.name);
      const chat = byFile ? { id: named.accountId, name: named.name } : { id, name };
      if (chat.name === "" && id !== null && id === named.accountId) chat.name = named.name;
      chats.push({ platform: source.platform, ...chat, group, messages: messages[number]! });
    }
  }
  const { contacts, of } = resolveContacts(chats);
  return {
    contacts,
    contactOf: (file, speaker) =>
      of[starts[file]! + files[file]!.segment.tail.speakers[speaker]!.conversation]!,
  };
}
