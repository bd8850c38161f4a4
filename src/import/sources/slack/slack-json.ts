import { placeholder } from "../../kinds.js";
import { readListedMessages } from "../listed-messages.js";
import { type Fields, isFields, textOf } from "../fields.js";
import { type Said, slackContent, slackMentions, slackText } from "./slack-content.js";
import {
  SLACK_COMPANIONS,
  slackConversation,
  slackDirectory,
  type SlackDirectory,
} from "./slack-directory.js";
import { readSeconds } from "../unix-seconds.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** Subtypes in which somebody speaks; all others are notices. */
const SPOKEN = new Set(["", "thread_broadcast", "me_message", "file_share", "bot_message"]);
const CALLS = new Set(["huddle_thread", "sh_room_created"]);

/**
 * A day of a channel in Slack's export of a workspace.
 *
 * @source Slack help center, How to read Slack data exports; Slack API, message events
 */
export const slackJson: Source = {
  id: "slack-json",
  label: "Slack's export",
  platform: "slack",
  rank: 5,
  sniff,
  isCompanion,
  read,
};

function sniff({ text, fileName }: Head): number {
  if (!/^\s*\[\s*\{/.test(text) || !/"ts"\s*:\s*"\d{6,}\.\d{6}"/.test(text)) return 0;
  if (!/"type"\s*:\s*"message"/.test(text)) return 0;
  return /^\d{4}-\d{2}-\d{2}\.json$/.test(fileName) ? 0.95 : 0.9;
}

function isCompanion({ text, fileName }: Head): boolean {
  return SLACK_COMPANIONS.has(fileName) && /^\s*\[/.test(text);
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const directory = await slackDirectory(context);
  const conversation = slackConversation(file.folders.at(-1) ?? "", directory);
  yield* readListedMessages(file, null, (message) => draft(message, conversation, directory), context.run);
}

/** @returns what is wrong, as a phrase, if it is no message */
function draft(message: Fields, conversation: Conversation, directory: SlackDirectory): Draft | string {
  if (message["type"] !== "message") return "is no message";
  const ts = textOf(message["ts"]);
  const time = /^\d+(?:\.\d+)?$/.test(ts) ? readSeconds(ts.split(".", 1)[0]!) : null;
  if (time === null) return "has no time";
  const subtype = textOf(message["subtype"]);
  const words = textOf(message["text"]);
  const isNotice = !SPOKEN.has(subtype) && subtype !== "tombstone" && !CALLS.has(subtype);
  const said: Said = isNotice
    ? { kind: "system", text: placeholder("system", slackText(words, directory)) }
    : contentOf(message, subtype, directory);
  const read: Draft = {
    conversation,
    session: null,
    sender: "",
    owner: false,
    time,
    kind: said.kind,
    text: said.text,
    platformId: ts,
    originalType: subtype || "message",
  };
  if (isNotice) return read;
  const senderId = textOf(message["user"]);
  read.sender = senderName(message, senderId, directory);
  read.owner = null;
  if (senderId !== "") read.senderId = senderId;
  // A thread does not say which of its messages is answered: its first.
  const thread = textOf(message["thread_ts"]);
  if (thread !== "" && thread !== ts) read.replyTo = thread;
  const mentions = slackMentions(words, directory);
  if (mentions.length > 0) read.mentions = mentions;
  if (said.forwarded) read.forwarded = true;
  if (subtype === "bot_message" || message["bot_id"] !== undefined || senderId === "USLACKBOT")
    read.bot = true;
  return read;
}

function contentOf(message: Fields, subtype: string, directory: SlackDirectory): Said {
  if (subtype === "tombstone") return { kind: "recalled", text: placeholder("recalled") };
  if (CALLS.has(subtype)) return { kind: "call", text: placeholder("call") };
  return slackContent(message, directory);
}

/** People of other workspaces are in no list, but their messages carry their name. */
function senderName(message: Fields, senderId: string, { users }: SlackDirectory): string {
  const profile = isFields(message["user_profile"]) ? message["user_profile"] : {};
  const names = [
    users.get(senderId),
    profile["display_name"],
    profile["real_name"],
    message["username"],
    senderId,
  ];
  return names.map(textOf).find((name) => name !== "") ?? "";
}
