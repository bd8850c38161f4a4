import { readJsonValues } from "../../../reading/json.js";
import { chatlogContent, SYSTEM } from "./chatlog-content.js";
import { type Fields, isFields, textOf } from "../../fields.js";
import { isoTime } from "../../iso-time.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { isGroupId, isProgramId } from "../wechat-types.js";

/** Messages after which it is clear whose account it is. */
const SURVEYED = 20_000;

/**
 * Saved answers of chatlog's interface as JSON: a list of messages of one chat or more.
 *
 * `isSelf` is not to be trusted with WeChat 4; the accounts tell, in a group the one that is most often called so.
 *
 * @source sjzar/chatlog, internal/model/message.go, internal/chatlog/http/route.go
 */
export const chatlogJson: Source = {
  id: "chatlog-json",
  label: "chatlog's JSON",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\[\s*\{\s*"seq"\s*:/.test(text)) return 0;
  return /"talker"\s*:/.test(text) && /"isChatRoom"\s*:/.test(text) && /"isSelf"\s*:/.test(text) ? 0.95 : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const chats = new Map<string, Conversation>();
  let ownId: string | undefined;
  for await (const found of readJsonValues(file, ["*"])) {
    run.signal?.throwIfAborted();
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const { path, value } = found;
    if (path.length === 0) continue;
    const place = `message ${Number(path[0]) + 1}`;
    const time = isFields(value) ? isoTime(textOf(value["time"]), localTime) : null;
    if (!isFields(value)) yield { kind: "problem", place, what: "not an object" };
    else if (textOf(value["talker"]) === "") yield { kind: "problem", place, what: "has no talker" };
    else if (time === null) yield { kind: "problem", place, what: "its time is none" };
    else {
      const conversation = conversationOf(value, chats, named.name);
      if (conversation.group && ownId === undefined) ownId = (await findOwnId(file)) ?? "";
      const message = draft(value, conversation, time, ownId);
      if (message) yield { kind: "message", message };
    }
  }
}

function conversationOf(message: Fields, chats: Map<string, Conversation>, named: string): Conversation {
  const id = textOf(message["talker"]);
  const known = chats.get(id);
  if (known) return known;
  const name = textOf(message["talkerName"]) || (chats.size === 0 ? named : "") || id;
  const conversation = { id, name, group: message["isChatRoom"] === true || isGroupId(id) };
  chats.set(id, conversation);
  return conversation;
}

/** @returns undefined if it says nothing */
function draft(
  message: Fields,
  conversation: Conversation,
  time: number,
  ownId: string | undefined,
): Draft | undefined {
  const said = chatlogContent(message);
  if (said.text.trim() === "") return undefined;
  const { type, subType } = message;
  const originalType =
    subType === 0 || subType === undefined ? String(type) : `${String(type)},${String(subType)}`;
  const base = { ...said, conversation, session: null, time, originalType };
  const senderId = textOf(message["sender"]);
  if (said.kind === "system" || senderId === SYSTEM) return { ...base, sender: "", owner: false };
  const owner = isOwner(message, conversation, ownId);
  return {
    ...base,
    sender: textOf(message["senderName"]) || (owner || conversation.group ? "" : conversation.name),
    ...(senderId === "" ? {} : { senderId }),
    owner,
    ...(!owner && isProgramId(senderId) ? { bot: true } : {}),
  };
}

/** WeChat 3 leaves the sender of one's own messages empty, in chats of two. */
function isOwner(message: Fields, { id, group }: Conversation, ownId: string | undefined): boolean {
  const sender = textOf(message["sender"]);
  if (!group) return sender === "" || sender !== id || sender === ownId;
  return sender === "" || !ownId ? message["isSelf"] === true : sender === ownId;
}

/** The owner's account: who writes in chats of two beside the contact, else who is called `isSelf` most often. */
async function findOwnId(file: ChatFile): Promise<string | undefined> {
  const sure = new Map<string, number>();
  const called = new Map<string, number>();
  let surveyed = 0;
  for await (const found of readJsonValues(file, ["*"])) {
    const value = found.kind === "value" ? found.value : undefined;
    if (!isFields(value)) continue;
    if ((surveyed += 1) > SURVEYED) break;
    const sender = textOf(value["sender"]);
    if (sender === "" || sender === SYSTEM) continue;
    const group = value["isChatRoom"] === true;
    if (!group && sender !== value["talker"]) sure.set(sender, (sure.get(sender) ?? 0) + 1);
    else if (group && value["isSelf"] === true) called.set(sender, (called.get(sender) ?? 0) + 1);
  }
  const votes = [...(sure.size > 0 ? sure : called)].sort((a, b) => b[1] - a[1]);
  return votes[0]?.[0];
}
