import type { Message } from "../src/import/message.js";

let made = 0;

/** A message of June's chat that the owner has not written, unless told otherwise; each has an id of its own. */
export function message(parts: Partial<Message> = {}): Message {
  made += 1;
  return {
    id: made.toString(16).padStart(16, "0"),
    source: "test",
    contact: "June",
    session: null,
    sender: parts.owner ? "Remy" : "June",
    owner: false,
    time: null,
    kind: "text",
    text: `text ${made}`,
    replyTo: null,
    originalType: null,
    ...parts,
  };
}
