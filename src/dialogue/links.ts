import type { Message } from "../import/message.js";
import type { Chat } from "./order-chats.js";

/** By own message, the earlier incoming one of the same contact that it quotes or answers, where the export says so. */
export function findLinks(chats: readonly Chat[]): Map<Message, Message> {
  const wanted = new Set<string>();
  eachMessage(chats, ({ owner, replyTo }) => {
    if (owner && replyTo !== null) wanted.add(replyTo);
  });
  const links = new Map<Message, Message>();
  if (wanted.size === 0) return links;
  const seen = new Map<string, Message>();
  eachMessage(chats, (message) => {
    // A system prompt is nobody's words, so that nobody answers it.
    const isSaid = !message.owner && message.kind !== "system-prompt";
    if (isSaid && wanted.has(message.id)) seen.set(message.id, message);
    const target = message.owner && message.replyTo !== null ? seen.get(message.replyTo) : undefined;
    if (target?.contact === message.contact) links.set(message, target);
  });
  return links;
}

function eachMessage(chats: readonly Chat[], call: (message: Message) => void): void {
  for (const { messages } of chats) for (const message of messages) call(message);
}
