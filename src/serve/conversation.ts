import type { History } from "../formats/template/fit-prompt.js";
import type { Message } from "./question.js";

/** A conversation as the model was trained on: turns alternate. */
export type Conversation = History & {
  /** The beginning of the reply, which the model goes on with; empty where it begins anew. */
  begun: string;
};

/**
 * Clients' messages as a conversation. Several messages of one side in a row are one turn, a bubble a line, as in
 * training; white space around each is left out, such as the line break that Page Assist puts before it. System texts
 * stand at the beginning, wherever they came; a last message of the assistant is one to go on with.
 *
 * @param system what the model is told where the messages tell it nothing
 */
export function toConversation(messages: readonly Message[], system: string | null): Conversation {
  const systems: string[] = [];
  const turns: { role: "user" | "assistant"; text: string }[] = [];
  for (const { role, content } of messages) {
    const text = content.trim();
    const last = turns.at(-1);
    if (role === "system") systems.push(text);
    else if (last?.role !== role) turns.push({ role, text });
    else last.text = [last.text, text].filter((part) => part !== "").join("\n");
  }
  const told = systems.filter((text) => text !== "").join("\n\n");
  const begun = turns.at(-1)?.role === "assistant" ? turns.pop()!.text : "";
  return { system: told === "" ? system : told, turns, begun };
}
