import type { Conversation } from "./source.js";

/**
 * The conversation of a file that does not say whether it is a group's: it is one from the message on with which a
 * third person has spoken. Whoever joins the messages has to take a conversation for a group if any message says so.
 */
export class GrowingChat {
  #conversation: Conversation;
  #senders = new Set<string>();

  constructor(name: string, group = false) {
    this.#conversation = { id: null, name, group };
  }

  /** The conversation as it stands with a message by this sender; nobody's (empty) changes nothing. */
  with(sender: string): Conversation {
    if (!this.#conversation.group && sender !== "" && !this.#senders.has(sender)) {
      this.#senders.add(sender);
      if (this.#senders.size > 2) this.#conversation = { ...this.#conversation, group: true };
    }
    return this.#conversation;
  }
}
