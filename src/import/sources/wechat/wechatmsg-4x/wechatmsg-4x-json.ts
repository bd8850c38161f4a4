import { readJsonValues } from "../../../reading/json.js";
import { isFields, textOf } from "../../fields.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { readTime } from "../wechat-time.js";
import { chatOf, draftOf } from "./wechatmsg-4x-message.js";

/**
 * The JSON of WeChatMsg-4x, a fork of MemoTrace for WeChat 4: `<name>_<account>.json`.
 *
 * @source chenanhan230-del/WeChatMsg-4x, wx4/export.py
 */
export const wechatmsg4xJson: Source = {
  id: "wechatmsg-4x-json",
  label: "WeChatMsg-4x's JSON",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const head = text.slice(0, 4000);
  const names = ["session", "display", "wxid", "exported_at", "messages"];
  return /^\s*\{/.test(text) && names.every((name) => head.includes(`"${name}"`)) ? 0.95 : 0;
}

async function* read(file: ChatFile, { localTime, named, run }: ReadContext): AsyncIterable<Found> {
  let session: string | null = null;
  let display = named.name;
  let conversation: Conversation | undefined;
  for await (const one of readJsonValues(file, ["messages.*"])) {
    if (one.kind !== "value") {
      yield one;
      continue;
    }
    const [key, index] = one.path;
    if (key === "session") session = textOf(one.value) || null;
    else if (key === "display") display = textOf(one.value) || display;
    else if (key === "messages" && index !== undefined) {
      run.signal?.throwIfAborted();
      conversation ??= chatOf(display, session);
      const draft = readMessage(one.value, conversation, localTime);
      if (typeof draft === "string")
        yield { kind: "problem", place: `message ${Number(index) + 1}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}

function readMessage(
  value: unknown,
  conversation: Conversation,
  localTime: ReadContext["localTime"],
): Draft | string | undefined {
  if (!isFields(value)) return "not an object";
  const own = value["is_sender"];
  if (own !== true && own !== false && own !== 0 && own !== 1)
    return "its is_sender is neither true nor false";
  const time = readTime(textOf(value["time_str"]), localTime);
  if (time === null) return "its time_str is no time";
  const senderId = textOf(value["sender_wxid"]);
  const typeName = value["kind"] === "system" ? "系统消息" : textOf(value["type_name"]);
  return draftOf({
    conversation,
    sender: textOf(value["sender"]),
    ...(senderId === "" ? {} : { senderId }),
    own: Boolean(own),
    time,
    typeName,
    text: textOf(value["text"]),
    serverId: value["server_id"],
  });
}
