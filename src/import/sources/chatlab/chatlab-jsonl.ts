import { readJsonLineValues } from "../../reading/json.js";
import { ChatlabChat } from "./chatlab-chat.js";
import { isFields } from "../fields.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/** Behind comments, the head comes first. */
const HEADER = /^(?:\s*#[^\n]*\n)*\s*\{\s*"_type"\s*:\s*"header"/;

/**
 * ChatLab's open format for chats of any platform, one JSON value a line.
 *
 * @source hellodigua/ChatLab, docs/en/standard/chatlab-format.md, 0.0.2
 */
export const chatlabJsonl: Source = {
  id: "chatlab-jsonl",
  label: "ChatLab's JSON Lines",
  platform: "any",
  rank: 4,
  sniff: ({ text }: Head) => (HEADER.test(text) ? 0.96 : 0),
  read,
};

async function* read(file: ChatFile, { named, run }: ReadContext): AsyncIterable<Found> {
  const chat = new ChatlabChat(named.name);
  for await (const found of readJsonLineValues(file)) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    run.signal?.throwIfAborted();
    const { value } = found;
    const type = isFields(value) ? value["_type"] : undefined;
    const place = `line ${found.path[0]}`;
    if (type === "header") chat.describe((value as { meta?: unknown }).meta);
    else if (type === "member") chat.addMember(value);
    else if (type === "message") {
      const message = chat.message(value);
      if (typeof message === "string") yield { kind: "problem", place, what: message };
      else if (message) yield { kind: "message", message };
    } else yield { kind: "problem", place, what: "neither a header, a member nor a message" };
  }
}
