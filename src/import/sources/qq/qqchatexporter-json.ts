import { readJsonValues } from "../../reading/json.js";
import { qqChat, qqMessage } from "./qqchatexporter-message.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * QQChatExporter's JSON of one chat, versions 4 and 5.
 *
 * @source shuakami/qq-chat-exporter, qq-chat-export-core/src/json_exporter.rs
 */
export const qqchatexporterJson: Source = {
  id: "qqchatexporter-json",
  label: "QQChatExporter's JSON",
  platform: "qq",
  rank: 5,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  // The manifest of a chat in many files has the same start, but no messages.
  if (/"format"\s*:\s*"chunked-jsonl"/.test(text)) return 0;
  if (!/^\s*\{\s*"metadata"\s*:/.test(text) || !/"chatInfo"\s*:\s*\{/.test(text)) return 0;
  return /QQChatExporter/.test(text) ? 0.95 : 0.6;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  let chat = qqChat(undefined, named.name);
  for await (const found of readJsonValues(file, ["messages.*"])) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const [key, index] = found.path;
    if (key === "chatInfo") chat = qqChat(found.value, named.name);
    if (key !== "messages" || index === undefined) continue;
    run.signal?.throwIfAborted();
    const message = qqMessage(found.value, chat, localTime);
    if (typeof message === "string")
      yield { kind: "problem", place: `message ${Number(index) + 1}`, what: message };
    else if (message) yield { kind: "message", message };
  }
}
