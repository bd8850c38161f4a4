import type { Conversation } from "./source.js";

/**
 * The conversation of a file that does not say whether it is a group's: it is one from the message on with which a
 * third person has spoken. Whoever joins the messages has to take a conversation for a group if any message says so.
 */
export class GrowingChat {
  #conversation: Conversation;
  #senders = new Set<string>();
  #grows: boolean;

  /** @param group whether it is a group's, where that is known; undefined if the senders have to tell */
  constructor(name: string, group?: boolean) {
    this.#conversation = { id: null, name, group: group === true };
    this.#grows = group === undefined;
  }

  /** The conversation as it stands with a message by this sender; nobody's (empty) changes nothing. */
  with(sender: string): Conversation {
    if (this.#grows && sender !== "" && !this.#senders.has(sender)) {
      this.#senders.add(sender);
      if (this.#senders.size > 2) {
        this.#conversation = { ...this.#conversation, group: true };
        this.#grows = false;
      }
    }
    return this.#conversation;
  }
}
