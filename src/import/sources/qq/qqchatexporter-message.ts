import { placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { type Fields, fieldsOf, idOf, isFields, textOf } from "../fields.js";
import { isoTime } from "../iso-time.js";
import { elementContent, noticeText, reply } from "./qq-elements.js";
import { qqNotice } from "./qq-placeholders.js";
import type { Conversation, Draft } from "../source.js";

/** The chat of an export of QQChatExporter, and whose export it is. */
export type QqChat = { conversation: Conversation; selfIds: string[] };

/** @param name the contact as folder and file name tell it, where the export does not */
export function qqChat(info: unknown, name: string): QqChat {
  const chatInfo = isFields(info) ? info : {};
  const id = account(chatInfo["peerUin"]) ?? account(chatInfo["peerUid"]) ?? null;
  return {
    conversation: { id, name: textOf(chatInfo["name"]) || name, group: chatInfo["type"] === "group" },
    selfIds: [account(chatInfo["selfUid"]), account(chatInfo["selfUin"])].filter((one) => one !== undefined),
  };
}

/**
 * A message of QQChatExporter, of version 4 or 5.
 *
 * @returns what is wrong, as a phrase, if it is none; undefined if it says nothing
 * @source shuakami/qq-chat-exporter, qq-chat-export-core/src/types.rs; hellodigua/ChatLab (version 4)
 */
export function qqMessage(value: unknown, chat: QqChat, localTime: LocalTime): Draft | string | undefined {
  if (!isFields(value)) return "not an object";
  const { sender, content, rawMessage } = value;
  if (!isFields(sender) || !isFields(content)) return "has no sender or no content";
  const time = timeOf(value["timestamp"], localTime) ?? timeOf(value["time"], localTime);
  if (time === null) return "has no time";
  const platformId = idOf(value["id"]) ?? idOf(value["messageId"]);
  const base = {
    conversation: chat.conversation,
    session: null,
    time,
    ...(platformId === undefined || platformId === "0" ? {} : { platformId }),
    originalType: idOf(value["type"]) ?? idOf(value["messageType"]) ?? null,
  };
  const elements = fieldsOf(content["elements"]);
  const written = textOf(content["text"]);
  if (value["system"] === true || value["isSystemMessage"] === true) {
    return { ...base, sender: "", owner: false, ...qqNotice(noticeText(elements) || written) };
  }
  const uid = account(sender["uid"]);
  const uin = account(sender["uin"]);
  const senderId = uin ?? uid;
  const recalled = value["recalled"] === true || value["isRecalled"] === true;
  const said = recalled
    ? { kind: "recalled" as const, text: placeholder("recalled") }
    : elementContent(elements, written);
  if (said.text === "") return undefined;
  return {
    ...base,
    sender: nameOf(sender, isFields(rawMessage) ? rawMessage : {}),
    ...(senderId === undefined ? {} : { senderId }),
    owner: chat.selfIds.length === 0 ? null : [uid, uin].some((id) => id && chat.selfIds.includes(id)),
    ...said,
    ...(isFields(content["reply"]) && !recalled ? reply(content["reply"]) : {}),
  };
}

/** A group's own name for the sender before the sender's: the exporter's `name` is one of them. */
function nameOf(sender: Fields, raw: Fields): string {
  return (
    textOf(raw["sendMemberName"]) ||
    textOf(sender["groupCard"]) ||
    textOf(sender["name"]) ||
    textOf(raw["sendNickName"]) ||
    textOf(sender["nickname"])
  );
}

/** An account that is known; the exporter writes 0 or a word for one that is not. */
function account(value: unknown): string | undefined {
  const id = idOf(value);
  return id === "0" || id === "未知" || id === "unknown" ? undefined : id;
}

/** Version 5 gives milliseconds, version 4 a date. */
function timeOf(value: unknown, localTime: LocalTime): number | null {
  if (typeof value === "string") return isoTime(value, localTime);
  return typeof value === "number" && value > 0 ? Math.floor(value / 1000) : null;
}
