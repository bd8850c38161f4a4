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
