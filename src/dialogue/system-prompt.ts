import { MalformedInput } from "../errors.js";
import type { DialogueSettings } from "./settings.js";

/**
 * What the model is to be told before a contact's dialogues: null for nothing, undefined for what the export carries.
 *
 * @param owner the owner's name in this chat
 */
export function systemPromptFor(
  { contact, owner }: { contact: string; owner: string },
  { systemPrompt, systemPrompts }: Pick<DialogueSettings, "systemPrompt" | "systemPrompts">,
): string | null | undefined {
  const ofContact = Object.hasOwn(systemPrompts, contact) ? systemPrompts[contact] : undefined;
  const template = ofContact ?? (systemPrompt === "" ? undefined : systemPrompt);
  if (template === undefined || template === "") return template === "" ? null : undefined;
  return template.replaceAll(/\{(owner|contact)\}/g, (_, word) => (word === "owner" ? owner : contact));
}

/** So many contacts are listed where a name is none of them. */
const LISTED = 20;

/**
 * Makes sure that each system prompt of a single contact is for one that there is.
 *
 * @throws {MalformedInput} it is not
 */
export function checkPrompted(
  { systemPrompts }: Pick<DialogueSettings, "systemPrompts">,
  messages: readonly { contact: string }[],
): void {
  const names = Object.keys(systemPrompts);
  if (names.length === 0) return;
  const contacts = new Set(messages.map(({ contact }) => contact));
  const unknown = names.find((name) => !contacts.has(name));
  if (unknown === undefined) return;
  const some = [...contacts].slice(0, LISTED).join(", ");
  throw new MalformedInput(
    `dialogue kouwen.json systemPrompts: "${unknown.slice(0, 40)}" is none of the ${contacts.size} contacts (${some}${contacts.size > LISTED ? ", …" : ""}). Mend the name, or take it out.`,
    { stage: "dialogue", path: "kouwen.json" },
  );
}
