import { MalformedInput } from "../../../errors.js";
import { readJsonLineValues, readJsonValues } from "../../reading/json.js";
import { qqChat, qqMessage } from "./qqchatexporter-message.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * QQChatExporter's export of a large chat: a folder of JSON Lines files, whose `manifest.json` tells whose chat it is.
 *
 * @source shuakami/qq-chat-exporter, qq-chat-export-core/src/chunked_jsonl_writer.rs
 */
export const qqchatexporterJsonl: Source = {
  id: "qqchatexporter-jsonl",
  label: "QQChatExporter's JSON Lines",
  platform: "qq",
  rank: 5,
  sniff,
  isCompanion,
  read,
};

function sniff({ text }: Head): number {
  const first = /^\s*(\{[^\n]*)/.exec(text)?.[1] ?? "";
  const own = /^\{\s*"(?:id|messageId)"\s*:\s*"/.test(first) && /"sender"\s*:\s*\{/.test(first);
  return own && /"content"\s*:\s*\{/.test(first) && /"u(?:id|in)"\s*:/.test(first) ? 0.9 : 0;
}

/** The manifest, and the pictures of the chat's members beside it. */
function isCompanion({ text, fileName, folders }: Head): boolean {
  if (/^\s*\{/.test(text) && /"format"\s*:\s*"chunked-jsonl"/.test(text)) return true;
  return fileName === "avatars.json" && (folders.at(-1) ?? "").endsWith("_chunked_jsonl");
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { named, localTime, run } = context;
  const info = await chatInfo(context.near("manifest.json"));
  if (info === undefined)
    yield { kind: "note", what: "no manifest.json beside it that could tell whose chat it is" };
  const chat = qqChat(info, named.name);
  for await (const found of readJsonLineValues(file)) {
    run.signal?.throwIfAborted();
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const message = qqMessage(found.value, chat, localTime);
    if (typeof message === "string") yield { kind: "problem", place: `line ${found.path[0]}`, what: message };
    else if (message) yield { kind: "message", message };
  }
}

/** What the manifest says about the chat; undefined if there is none, or it is damaged. */
async function chatInfo(manifest: ChatFile | undefined): Promise<unknown> {
  if (!manifest) return undefined;
  try {
    for await (const found of readJsonValues(manifest, ["chatInfo"])) {
      if (found.kind === "value" && found.path[0] === "chatInfo") return found.value;
    }
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
  }
  return undefined;
}
