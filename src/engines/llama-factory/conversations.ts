import type { Dialogue } from "../../dialogue/dialogue.js";
import { type ChatTemplate, marks, textOf } from "../../formats/template/chat-template.js";

/** A conversation as LLaMA-Factory reads it with our tags. */
export type Conversation = { messages: { role: "system" | "user" | "assistant"; content: string }[] };

/**
 * A sample's dialogue as a conversation in which every reply carries loss.
 *
 * LLaMA-Factory trains on every reply, so an exchange whose reply carries none is written into the next question, marks
 * and all: the same tokens, without loss. Exchanges after the last reply that carries loss are left out.
 */
export function toConversation({ system, turns }: Dialogue, template: ChatTemplate): Conversation {
  const messages: Conversation["messages"] = [];
  if (system !== null) messages.push({ role: "system", content: system.trim() });
  const between = textOf([...template.user.after, ...template.assistant.before]);
  const next = textOf([...template.assistant.after, ...template.user.before]);
  let context = "";
  for (let at = 0; at + 1 < turns.length; at += 2) {
    const question = turns[at]!.text.trim();
    const reply = turns[at + 1]!;
    if (reply.weight === 0) {
      context += question + between + reply.text.trim() + next;
      continue;
    }
    messages.push(
      { role: "user", content: context + question },
      { role: "assistant", content: reply.text.trim() },
    );
    context = "";
  }
  return { messages };
}

/** Whether a dialogue's own words hold a mark of the template, which LLaMA-Factory would take for the mark itself. */
export function holdsMark({ system, turns }: Dialogue, template: ChatTemplate): boolean {
  const words = [...marks(template), ...template.stops];
  return [system ?? "", ...turns.map((turn) => turn.text)].some((one) =>
    words.some((word) => one.includes(word)),
  );
}
