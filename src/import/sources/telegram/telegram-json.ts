import { type MediaKind, placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { readJsonValues } from "../../reading/json.js";
import { type Fields, idOf, isFields, textOf } from "../fields.js";
import { isoTime } from "../iso-time.js";
import { telegramContent, telegramMentions } from "./telegram-content.js";
import { readSeconds } from "../unix-seconds.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** Telegram itself, which sends login codes. */
const SERVICE_ACCOUNT = "user777000";
/** Chats with nobody but one other, or none. */
const ALONE = ["saved_messages", "replies", "verification_codes", "personal_chat", "bot_chat"];
const GROUPS = [
  "private_group",
  "private_supergroup",
  "public_supergroup",
  "private_channel",
  "public_channel",
];
const ONE_CHAT = new RegExp(`"type"\\s*:\\s*"(?:${[...ALONE, ...GROUPS].join("|")})"`);

/**
 * Telegram Desktop's `result.json`: one chat, or all of an account.
 *
 * @source telegramdesktop/tdesktop, export_output_json.cpp
 */
export const telegramJson: Source = {
  id: "telegram-json",
  label: "Telegram Desktop's result.json",
  platform: "telegram",
  rank: 5,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\{/.test(text)) return 0;
  if (/^\s*\{\s*"about"\s*:/.test(text))
    return /"(?:personal_information|chats|left_chats)"\s*:\s*\{/.test(text) ? 0.95 : 0;
  return ONE_CHAT.test(text) && /"messages"\s*:\s*\[/.test(text) && /"id"\s*:\s*-?\d/.test(text) ? 0.95 : 0;
}

/** A chat whose messages are being read. */
type Chat = { type: string; conversation: Conversation };

async function* read(file: ChatFile, { localTime, run }: ReadContext): AsyncIterable<Found> {
  const patterns = ["messages.*", "chats.list.*.messages.*", "left_chats.list.*.messages.*"];
  let account: string | undefined;
  let chat: Chat = newChat();
  let chatKey = "";
  for await (const found of readJsonValues(file, patterns)) {
    run.signal?.throwIfAborted();
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const { path, value } = found;
    if (path[0] === "personal_information" && isFields(value)) account = idOf(value["user_id"]);
    const at = path[1] === "list" ? 3 : 0;
    if (path.length < at) continue;
    const key = path.slice(0, at).join(".");
    if (key !== chatKey) [chat, chatKey] = [newChat(), key];
    if (path[at] === "messages" && path.length === at + 2) {
      const place = at === 0 ? `message ${Number(path[1]) + 1}` : placeInList(path);
      if (!isFields(value)) yield { kind: "problem", place, what: "not an object" };
      else {
        const message = draft(value, chat, account, localTime);
        if (typeof message === "string") yield { kind: "problem", place, what: message };
        else yield { kind: "message", message };
      }
    } else if (path.length === at + 1) describe(chat, String(path[at]), value);
  }
}

function placeInList(path: readonly (string | number)[]): string {
  return `${path[0] === "chats" ? "chat" : "left chat"} ${Number(path[2]) + 1}, message ${Number(path[4]) + 1}`;
}

function newChat(): Chat {
  return { type: "", conversation: { id: null, name: "", group: false } };
}

function describe(chat: Chat, key: string, value: unknown): void {
  if (key === "name") chat.conversation = { ...chat.conversation, name: textOf(value) };
  else if (key === "id") chat.conversation = { ...chat.conversation, id: idOf(value) ?? null };
  else if (key === "type") {
    chat.type = textOf(value);
    // A chat with oneself has no name of its own.
    const name = chat.type === "saved_messages" ? "Saved Messages" : chat.conversation.name;
    chat.conversation = { ...chat.conversation, name, group: !ALONE.includes(chat.type) };
  }
}

/** @returns what is wrong, as a phrase, if it is no message */
function draft(
  message: Fields,
  chat: Chat,
  account: string | undefined,
  localTime: LocalTime,
): Draft | string {
  const type = textOf(message["type"]);
  if (type !== "message" && type !== "service" && type !== "unsupported") return "has no known type";
  const time = timeOf(message, localTime);
  if (time === null && type !== "unsupported") return "has no time";
  const read =
    type === "message"
      ? spoken(message, chat, account, time)
      : type === "service"
        ? serviceMessage(message, chat, account, time)
        : fromNobody(chat, time, "unknown", "", type);
  const platformId = idOf(message["id"]);
  if (platformId !== undefined) read.platformId = platformId;
  return read;
}

function spoken(message: Fields, chat: Chat, account: string | undefined, time: number | null): Draft {
  const senderId = accountOf(message["from_id"]);
  const { kind, text } = telegramContent(message);
  const read: Draft = {
    conversation: chat.conversation,
    session: null,
    sender: textOf(message["from"]),
    owner: isOwner(senderId, chat, account),
    time,
    kind,
    text,
    originalType: textOf(message["media_type"]) || "message",
  };
  if (senderId !== undefined) read.senderId = senderId;
  // What is answered may stand in another chat.
  const replyTo =
    message["reply_to_peer_id"] === undefined ? idOf(message["reply_to_message_id"]) : undefined;
  if (replyTo !== undefined) read.replyTo = replyTo;
  const mentions = telegramMentions(message);
  if (mentions.length > 0) read.mentions = mentions;
  if (message["forwarded_from"] !== undefined || message["saved_from"] !== undefined) read.forwarded = true;
  if (isBot(message, chat, senderId)) read.bot = true;
  return read;
}

/** What the program says; a call has somebody who made it. */
function serviceMessage(
  message: Fields,
  chat: Chat,
  account: string | undefined,
  time: number | null,
): Draft {
  const action = textOf(message["action"]);
  const originalType = action || "service";
  if (action !== "phone_call" && action !== "group_call")
    return fromNobody(chat, time, "system", action, originalType);
  const senderId = accountOf(message["actor_id"]);
  const call = fromNobody(chat, time, "call", "", originalType);
  call.sender = textOf(message["actor"]);
  call.owner = isOwner(senderId, chat, account);
  if (senderId !== undefined) call.senderId = senderId;
  return call;
}

function fromNobody(
  { conversation }: Chat,
  time: number | null,
  kind: MediaKind,
  detail: string,
  originalType: string,
): Draft {
  // Of a message that the exporter could not write nobody knows who sent it.
  const owner = kind === "unknown" ? null : false;
  const text = placeholder(kind, detail);
  return { conversation, session: null, sender: "", owner, time, kind, text, originalType };
}

/** Exports before 2022 have the local time only; later ones also Unix seconds, as a text. */
function timeOf(message: Fields, localTime: LocalTime): number | null {
  const unix = idOf(message["date_unixtime"]);
  return (unix === undefined ? null : readSeconds(unix)) ?? isoTime(textOf(message["date"]), localTime);
}

/** `user1`, `channel1` or `chat1`; exports before 2021 have a user's number alone. */
function accountOf(value: unknown): string | undefined {
  const id = idOf(value);
  return id !== undefined && /^\d+$/.test(id) ? `user${id}` : id;
}

/**
 * Whether the account that made the export wrote it. A full export names that account; of a chat with one other
 * person or bot the id is that other's, and of one with oneself one's own.
 *
 * @returns null in a group or channel that was exported alone
 */
function isOwner(
  senderId: string | undefined,
  { type, conversation }: Chat,
  account: string | undefined,
): boolean | null {
  if (senderId === undefined) return null;
  if (account !== undefined) return senderId === `user${account}`;
  if (conversation.id === null) return null;
  const isChatsOwn = senderId === `user${conversation.id}`;
  if (type === "saved_messages") return isChatsOwn;
  return type === "personal_chat" || type === "bot_chat" ? !isChatsOwn : null;
}

function isBot(message: Fields, { type, conversation }: Chat, senderId: string | undefined): boolean {
  if (message["via_bot"] !== undefined || senderId === SERVICE_ACCOUNT || type === "verification_codes")
    return true;
  return type === "bot_chat" && senderId === `user${conversation.id}`;
}
