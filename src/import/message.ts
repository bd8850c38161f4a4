/** One message as every exporter's format is read into; a line of `messages.jsonl`. */
export type Message = {
  /** 16 hex digits; the same message has the same id in every import. */
  id: string;
  /** The format it came from, such as `memotrace-json`. */
  source: string;
  /** The chat it belongs to: the contact or group as the export names it. */
  contact: string;
  /** Where the export keeps dialogue limits instead of times: which dialogue. Otherwise null. */
  session: string | null;
  /** Who wrote it; empty for `system-prompt`. */
  sender: string;
  /** Whether the owner of the export, the person to be learnt, wrote it. */
  owner: boolean;
  /** Unix seconds, or null where the export has none. */
  time: number | null;
  /** `system-prompt`: an instruction that the export carries with a dialogue; never a person's words. */
  kind: "text" | "system-prompt";
  text: string;
  /** The id of the message it answers, where the export says so. */
  replyTo: string | null;
  /** The type as the export spelled it, where it did. */
  originalType: string | null;
};
