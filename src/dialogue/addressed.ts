import type { Message } from "../import/message.js";

/**
 * The messages of a group that belong to an exchange with the owner: what names or answers the owner, what the owner
 * answers by a link, and the owner's own messages that answer by a link or come next after such a message.
 *
 * Others may talk before the owner gets to answer; once they talk after the answer, the exchange is over.
 *
 * @param messages in their order
 */
export function findAddressed(messages: readonly Message[]): Set<Message> {
  const answered = new Set<string>();
  for (const { owner, replyTo } of messages) if (owner && replyTo !== null) answered.add(replyTo);
  const addressed = new Set<Message>();
  const incoming = new Set<string>();
  let exchange: "none" | "asked" | "answered" = "none";
  for (const message of messages) {
    if (message.kind === "system") continue;
    if (message.owner) {
      const links = message.replyTo !== null && incoming.has(message.replyTo);
      if (links) exchange = "asked";
      if (exchange === "none") continue;
      exchange = "answered";
      addressed.add(message);
    } else if (message.toOwner || answered.has(message.id)) {
      exchange = "asked";
      addressed.add(message);
      incoming.add(message.id);
    } else if (exchange === "answered") exchange = "none";
  }
  return addressed;
}
