import type { Kind } from "./kinds.js";

/** One message as every exporter's format is read into; a line of `messages.jsonl`. */
export type Message = {
  /** 16 hex digits; the same message has the same id in every import. */
  id: string;
  /** The format it came from, such as `memotrace-json`. */
  source: string;
  /** The chat it belongs to: the contact or group as the export names it. */
  contact: string;
  /** Only where the chat has more than two members. */
  group?: true;
  /** Where the export keeps dialogue limits instead of times: which dialogue. Otherwise null. */
  session: string | null;
  /** Who wrote it; empty for `system-prompt` and where nobody did. */
  sender: string;
  /** Whether the owner of the export, the person to be learnt, wrote it. */
  owner: boolean;
  /** Unix seconds, or null where the export has none. */
  time: number | null;
  kind: Kind;
  /** The words; a placeholder from a closed list, and what is known beside it, for what is no text. */
  text: string;
  /** The id of the message it answers, where the export says so. */
  replyTo: string | null;
  /** Only in a group: the message names the owner or answers one of the owner's. */
  toOwner?: true;
  /** Only where its sender passed on somebody else's words. */
  forwarded?: true;
  /** Only where a program wrote it. */
  bot?: true;
  /** The type as the export spelled it, where it did. */
  originalType: string | null;
};
