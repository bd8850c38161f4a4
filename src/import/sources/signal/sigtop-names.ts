import type { Conversation } from "../source.js";

/** A person or group as sigtop writes it: `Mira Lund (+15550100)`, `Ski trip (group)`, a bare number. */
export type DetailedName = { name: string; accountId: string; group: boolean };

const DETAIL = /^(.+?) \((group|\+\d{5,20}|[0-9a-f]{8}-[0-9a-f-]{27,40})\)$/i;

/** Reads a name with the detail that sigtop puts behind it. */
export function detailedName(text: string): DetailedName {
  const [, name = text, detail = ""] = DETAIL.exec(text.trim()) ?? [];
  const group = detail === "group";
  return { name: name.trim(), accountId: group ? "" : detail, group };
}

/** The chat that a file of sigtop's is named after; as a file's name cannot hold all, something may be missing. */
export function sigtopConversation(fileName: string, contact: string): Conversation {
  const { name, group } = detailedName(fileName.replace(/\.(?:json|txt)$/i, ""));
  return { id: null, name: contact === "" ? name : detailedName(contact).name, group };
}
