import { readJsonValues } from "../../reading/json.js";
import { ChatlabChat } from "./chatlab-chat.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * ChatLab's open format for chats of any platform, as one JSON document; other exporters write it, too.
 *
 * @source hellodigua/ChatLab, docs/en/standard/chatlab-format.md, 0.0.2
 */
export const chatlabJson: Source = {
  id: "chatlab-json",
  label: "ChatLab's JSON",
  platform: "any",
  rank: 4,
  sniff: ({ text }: Head) => (/^\s*\{/.test(text) && /"chatlab"\s*:\s*\{\s*"version"/.test(text) ? 0.95 : 0),
  read,
};

async function* read(file: ChatFile, { named, run }: ReadContext): AsyncIterable<Found> {
  const chat = new ChatlabChat(named.name);
  for await (const found of readJsonValues(file, ["members.*", "messages.*"])) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const [key, index] = found.path;
    if (key === "meta") chat.describe(found.value);
    else if (index !== undefined && key === "members") chat.addMember(found.value);
    else if (index !== undefined && key === "messages") {
      run.signal?.throwIfAborted();
      const message = chat.message(found.value);
      if (typeof message === "string")
        yield { kind: "problem", place: `message ${Number(index) + 1}`, what: message };
      else if (message) yield { kind: "message", message };
    }
  }
}
