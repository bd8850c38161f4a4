import { makeDialogues, type Dialogues } from "../src/dialogue/make-dialogues.js";
import { dialogueSettings, type DialogueSettings } from "../src/dialogue/settings.js";
import type { Message } from "../src/import/message.js";
import { message } from "./message.js";

type Some = Partial<DialogueSettings>;

/** The dialogues of messages, with the default settings unless told otherwise. */
export function make(messages: readonly Message[], settings: Some = {}): Promise<Dialogues> {
  return makeDialogues(messages, dialogueSettings.parse(settings));
}

/** `["< hi", "> yo"]` for each dialogue, `<` the contact, `>` the owner. */
export async function transcripts(messages: readonly Message[], settings: Some = {}): Promise<string[][]> {
  return (await make(messages, settings)).dialogues.map(({ turns }) =>
    turns.map(({ role, text }) => `${role === "user" ? "<" : ">"} ${text}`),
  );
}

/** What is in the ledger: `too-long 1`. */
export async function reasons(messages: readonly Message[], settings: Some = {}): Promise<string[]> {
  return (await make(messages, settings)).ledger.map(
    ({ reason, messageIds }) => `${reason} ${messageIds.length}`,
  );
}

/** Messages of one dialogue as an exporter cut it: `*` the system prompt, `<` the contact, `>` the owner. */
export function session(name: string, ...lines: string[]): Message[] {
  return lines.map((line) => {
    const text = line.slice(2);
    if (line.startsWith("*")) return message({ session: name, kind: "system-prompt", text, sender: "" });
    return message({ session: name, owner: line.startsWith(">"), text });
  });
}

/** Messages with times: seconds, a line, and what else there is to say about it. */
export function timed(...lines: [number, string, Partial<Message>?][]): Message[] {
  return lines.map(([time, line, parts]) =>
    message({ time, owner: line.startsWith(">"), text: line.slice(2), ...parts }),
  );
}
