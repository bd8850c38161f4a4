import { readJsonValues } from "../../../reading/json.js";
import { isFields } from "../../fields.js";
import { PyWxDumpMessages } from "./pywxdump-message.js";
import { isUserList, readUserNames } from "./pywxdump-users.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../../source.js";

/**
 * PyWxDump's JSON: one list of the same messages as in its CSV.
 *
 * @source xaoyaoo/PyWxDump, api/export/exportJSON.py
 */
export const pywxdumpJson: Source = {
  id: "pywxdump-json",
  label: "PyWxDump's JSON",
  platform: "wechat",
  rank: 4,
  sniff,
  isCompanion: isUserList,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\[\s*\{/.test(text)) return 0;
  const head = text.slice(0, 4000);
  return ["MsgSvrID", "type_name", "is_sender", "talker"].every((name) => head.includes(`"${name}"`))
    ? 0.95
    : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const messages = new PyWxDumpMessages(file, await readUserNames(context), context);
  for await (const one of readJsonValues(file, ["*"])) {
    if (one.kind !== "value") yield one;
    else {
      context.run.signal?.throwIfAborted();
      const draft = readObject(one.value, messages);
      const place = `message ${Number(one.path[0] ?? 0) + 1}`;
      if (typeof draft === "string") yield { kind: "problem", place, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}

function readObject(value: unknown, messages: PyWxDumpMessages): Draft | string | undefined {
  if (!isFields(value)) return "not an object";
  return messages.read({
    id: printed(value["MsgSvrID"]),
    typeName: printed(value["type_name"]),
    isSender: printed(value["is_sender"]),
    talker: printed(value["talker"]),
    roomName: printed(value["room_name"]),
    msg: printed(value["msg"]),
    time: printed(value["CreateTime"]),
    isForward: printed(value["is_forward"]),
  });
}

/** A value as the CSV would print it. */
function printed(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
