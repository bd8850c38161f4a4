import { readJsonValues } from "../../../reading/json.js";
import { isFields } from "../../fields.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";
import { type Trusted, WeflowChat } from "./weflow-chat.js";

/**
 * WeFlow's JSON of one chat, in its own shape or as `arkme-json`, whose messages point into a list of senders.
 *
 * @source hicccc77/WeFlow, electron/services/export/formatters (2026)
 */
export const weflowJson: Source = {
  id: "weflow-json",
  label: "WeFlow's JSON",
  platform: "wechat",
  rank: 4,
  sniff: ({ text }: Head) => (/^\s*\{\s*"weflow"\s*:\s*\{/.test(text) ? 0.97 : 0),
  read: (file, context) => readWeflow(file, context, "localType"),
};

/** The messages of a document with `session` and `messages`. */
export async function* readWeflow(
  file: ChatFile,
  { named, run }: ReadContext,
  trusted: Trusted,
): AsyncIterable<Found> {
  const chat = new WeflowChat(named.name, trusted);
  for await (const found of readJsonValues(file, ["messages.*"])) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const { path, value } = found;
    if (path.length === 2 && path[0] === "messages") {
      run.signal?.throwIfAborted();
      const message = chat.message(value);
      if (typeof message === "object") yield { kind: "message", message };
      else if (message !== undefined)
        yield { kind: "problem", place: `message ${Number(path[1]) + 1}`, what: message };
    } else if (path[0] === "session") chat.describe(value);
    else if (path[0] === "weflow" && isFields(value) && value["format"] === "arkme-json")
      chat.addSenders(await senders(file));
  }
}

/** The list of senders, wherever in the document it is. */
async function senders(file: ChatFile): Promise<unknown> {
  for await (const found of readJsonValues(file, ["messages.*"])) {
    if (found.kind === "value" && found.path[0] === "senders") return found.value;
  }
  return undefined;
}
