import type { Call, Flag } from "./command.js";

/** Lets words go to the service that was named, without a question. */
export const sendFlag: Record<"yes", Flag> = { yes: { kind: "boolean", describe: "send without asking" } };

/** How a command talks, the question whether to send answered where a flag has answered it. */
export function withLeave(io: Call["io"], flags: Record<string, unknown>): Call["io"] {
  return flags["yes"] === true ? { ...io, ask: async () => "yes" } : io;
}
