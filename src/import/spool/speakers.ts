import type { Conversation, Draft } from "../sources/source.js";
import type { Speaker } from "./segment.js";

/** Numbers the speakers of a file in the order in which they first speak. */
export class Speakers {
  readonly conversations: Conversation[] = [];
  readonly list: Speaker[] = [];
  #conversationOf = new Map<string, number>();
  #speakerOf = new Map<string, number>();
  #last: Conversation | undefined;
  #lastConversation = 0;
  /** The last speakers, for chats in which few people take turns. */
  #recent: number[] = [0, 0, 0, 0];

  /** The number of a message's speaker. */
  add({ conversation, sender, senderId: account, owner }: Draft): number {
    const senderId = account ?? null;
    const number = this.#conversation(conversation);
    for (let at = 0; at < this.#recent.length; at += 1) {
      const index = this.#recent[at]!;
      const one = this.list[index];
      if (
        one !== undefined &&
        one.conversation === number &&
        one.sender === sender &&
        one.owner === owner &&
        one.senderId === senderId
      ) {
        one.messages += 1;
        return index;
      }
    }
    const key = JSON.stringify([number, sender, senderId, owner]);
    let index = this.#speakerOf.get(key);
    if (index === undefined) {
      index = this.list.push({ conversation: number, sender, senderId, owner, messages: 0 }) - 1;
      this.#speakerOf.set(key, index);
    }
    this.list[index]!.messages += 1;
    this.#recent.pop();
    this.#recent.unshift(index);
    return index;
  }

  #conversation(conversation: Conversation): number {
    const last = this.#last;
    if (last === conversation) return this.#lastConversation;
    this.#last = conversation;
    const { id, name, group } = conversation;
    if (last && last.id === id && last.name === name && last.group === group) return this.#lastConversation;
    const key = JSON.stringify([id, name, group]);
    let number = this.#conversationOf.get(key);
    if (number === undefined) {
      number = this.conversations.push({ id, name, group }) - 1;
      this.#conversationOf.set(key, number);
    }
    this.#lastConversation = number;
    return number;
  }
}
