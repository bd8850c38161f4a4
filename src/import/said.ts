import type { Message } from "./message.js";

/** What a message says, before it has an id. */
export type Said = Pick<Message, "sender" | "owner" | "time" | "kind" | "text" | "originalType">;
